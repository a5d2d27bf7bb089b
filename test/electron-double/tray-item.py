"""The double's way to a real panel: what Electron puts on the bus for a tray, told by lines of JSON, as are clicks."""
import json
import sys
import threading

import dbus
import dbus.service
from dbus.mainloop.glib import DBusGMainLoop
from gi.repository import GLib

ITEM = 'org.kde.StatusNotifierItem'
MENU = 'com.canonical.dbusmenu'
WATCHER = 'org.kde.StatusNotifierWatcher'
PROPERTIES = 'org.freedesktop.DBus.Properties'


def tell(**what):
    print(json.dumps(what), flush=True)


class Item(dbus.service.Object):
    """As Chromium does, but that the image is named and not sent."""

    icon = ''
    tooltip = ''

    @dbus.service.method(PROPERTIES, in_signature='ss', out_signature='v')
    def Get(self, interface, name):
        return self.GetAll(interface)[name]

    @dbus.service.method(PROPERTIES, in_signature='s', out_signature='a{sv}')
    def GetAll(self, _interface):
        none = dbus.Array([], signature='(iiay)')
        return {
            'Category': 'ApplicationStatus',
            'Id': 'clearml-session-tray',
            'Title': '',
            'Status': 'Active',
            'IconName': self.icon,
            'IconPixmap': none,
            'ToolTip': dbus.Struct(('', none, self.tooltip, ''), signature='sa(iiay)ss'),
            'ItemIsMenu': False,
            'Menu': dbus.ObjectPath('/Menu'),
        }

    @dbus.service.method(ITEM, in_signature='ii')
    def Activate(self, _x, _y):
        tell(activated=True)

    @dbus.service.method(ITEM, in_signature='ii')
    def SecondaryActivate(self, _x, _y):
        tell(activated=True)

    @dbus.service.signal(ITEM)
    def NewIcon(self):
        pass

    @dbus.service.signal(ITEM)
    def NewToolTip(self):
        pass


class Menu(dbus.service.Object):
    revision = 0
    items = {0: {'children': []}}

    def replace(self, items):
        self.items = {0: {'children': [item['id'] for item in items]}}
        self._add(items)
        self.revision += 1
        self.LayoutUpdated(self.revision, 0)

    def _add(self, items):
        for item in items:
            inner = item.get('items', [])
            self.items[item['id']] = {**item, 'children': [one['id'] for one in inner]}
            self._add(inner)

    def _properties(self, number):
        item = self.items.get(number, {})
        if item.get('separator'):
            return dbus.Dictionary({'type': 'separator'}, signature='sv')
        properties = {'label': item.get('label', ''), 'enabled': item.get('enabled', True)}
        if item.get('children'):
            properties['children-display'] = 'submenu'
        return dbus.Dictionary(properties, signature='sv')

    def _layout(self, number, depth):
        numbers = self.items.get(number, {}).get('children', []) if depth else []
        children = dbus.Array([self._layout(one, depth - 1) for one in numbers], signature='v')
        return dbus.Struct((dbus.Int32(number), self._properties(number), children), signature='ia{sv}av')

    @dbus.service.method(PROPERTIES, in_signature='ss', out_signature='v')
    def Get(self, interface, name):
        return self.GetAll(interface)[name]

    @dbus.service.method(PROPERTIES, in_signature='s', out_signature='a{sv}')
    def GetAll(self, _interface):
        paths = dbus.Array([], signature='s')
        return {'Version': dbus.UInt32(3), 'Status': 'normal', 'TextDirection': 'ltr', 'IconThemePath': paths}

    @dbus.service.method(MENU, in_signature='iias', out_signature='u(ia{sv}av)')
    def GetLayout(self, parent, depth, _names):
        return dbus.UInt32(self.revision), self._layout(parent, depth)

    @dbus.service.method(MENU, in_signature='aias', out_signature='a(ia{sv})')
    def GetGroupProperties(self, numbers, _names):
        return [dbus.Struct((number, self._properties(number)), signature='ia{sv}') for number in numbers]

    @dbus.service.method(MENU, in_signature='isvu')
    def Event(self, number, kind, _data, _time):
        tell(event=str(kind), id=int(number))

    @dbus.service.method(MENU, in_signature='a(isvu)', out_signature='ai')
    def EventGroup(self, events):
        for event in events:
            self.Event(*event)
        return dbus.Array([], signature='i')

    @dbus.service.method(MENU, in_signature='i', out_signature='b')
    def AboutToShow(self, number):
        tell(event='opened', id=int(number))
        return False

    @dbus.service.method(MENU, in_signature='ai', out_signature='aiai')
    def AboutToShowGroup(self, numbers):
        for number in numbers:
            self.AboutToShow(number)
        none = dbus.Array([], signature='i')
        return none, none

    @dbus.service.signal(MENU, signature='ui')
    def LayoutUpdated(self, revision, parent):
        pass


DBusGMainLoop(set_as_default=True)
bus = dbus.SessionBus()
item = Item(bus, '/StatusNotifierItem')
menu = Menu(bus, '/Menu')
loop = GLib.MainLoop()


def register(owner):
    if owner:
        watcher = dbus.Interface(bus.get_object(WATCHER, '/StatusNotifierWatcher'), WATCHER)
        watcher.RegisterStatusNotifierItem(bus.get_unique_name(), reply_handler=lambda: None, error_handler=print)


def hear():
    for line in sys.stdin:
        GLib.idle_add(act, json.loads(line))
    GLib.idle_add(loop.quit)


def act(what):
    if 'icon' in what:
        item.icon = what['icon']
        item.NewIcon()
    if 'tooltip' in what:
        item.tooltip = what['tooltip']
        item.NewToolTip()
    if 'menu' in what:
        menu.replace(what['menu'])


bus.watch_name_owner(WATCHER, register)
threading.Thread(target=hear, daemon=True).start()
loop.run()
