/** Where keys write text, or choose by their letter. */
export const TYPED = 'textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])';
