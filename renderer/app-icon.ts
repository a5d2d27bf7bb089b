/** Address of the app's icon. */
export const APP_ICON = new URL('../assets/svg/icon.svg', import.meta.url).href;
