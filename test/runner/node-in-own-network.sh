#!/bin/sh
exec unshare --net sh -c 'ip link set lo up && exec "$TEST_NODE" "$@"' sh "$@"
