/**
 * Copying what stands in a field, such as a citizen's link.
 */
import { toast } from "./announce.js";
import { say } from "./words.js";

/** Copies what is in the field; where the browser refuses, it is selected for copying by hand. @param {HTMLInputElement} field */
export async function copy(field) {
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    toast(say("desk-link-copied"));
  } catch (error) {
    if (!(error instanceof DOMException) && !(error instanceof TypeError)) throw error;
  }
}
