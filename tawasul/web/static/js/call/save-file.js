/**
 * Gives a text to the person as a file. It is in the address itself: nothing is uploaded, and the page keeps no handle to it.
 */

/** @param {string} name @param {string} text JSON */
export function saveFile(name, text) {
  const link = document.createElement("a");
  link.download = name;
  link.href = `data:application/json;charset=utf-8,${encodeURIComponent(text)}`;
  link.click();
}
