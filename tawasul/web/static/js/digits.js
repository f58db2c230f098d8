/**
 * Digits of any keyboard as Latin digits: ٠–٩ (Arabic-Indic), ۰–۹ (Persian). The server accepts them too; here the person sees at once
 * that the number was understood.
 */

/** `text` with Latin digits. @param {string} text @returns {string} */
export function latinDigits(text) {
  return text.replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 0x0f));
}

/** Only the digits of `text`, Latin. @param {string} text @returns {string} */
export function onlyDigits(text) {
  return latinDigits(text).replace(/\D/g, "");
}

/**
 * Keeps an input's digits Latin as they are typed, with the caret where it was.
 * @param {HTMLInputElement} input
 */
export function keepLatin(input) {
  input.addEventListener("input", () => {
    const latin = latinDigits(input.value);
    if (latin === input.value) return;
    const caret = input.selectionStart;
    input.value = latin;
    input.setSelectionRange(caret, caret);
  });
}
