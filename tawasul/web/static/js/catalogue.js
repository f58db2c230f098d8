/**
 * The catalogue of one language in the browser: the same Fluent text that the server reads (`tawasul/web/words.py` is the twin).
 */
import { FluentBundle, FluentResource } from "@fluent/bundle";

/** @typedef {"ar" | "en"} Locale */
/** @typedef {Record<string, string | number>} Arguments */

export class Words {
  #bundle;

  /**
   * @param {Locale} locale
   * @param {string} source Fluent text
   * @throws {Error} when the text repeats a message
   */
  constructor(locale, source) {
    /** @readonly */
    this.locale = locale;
    // Latin digits in both languages; plural forms are those of the language itself.
    this.#bundle = new FluentBundle(`${locale}-u-nu-latn`, { useIsolating: true });
    const errors = this.#bundle.addResource(new FluentResource(source));
    if (errors.length > 0) throw errors[0];
  }

  /**
   * The message `word` with its arguments. A number chooses the plural form; years, identity numbers and times are passed as text.
   * @param {string} word
   * @param {Arguments} [values]
   * @returns {string}
   * @throws {Error} when there is no such word, or an argument is missing
   */
  say(word, values) {
    const pattern = this.#bundle.getMessage(word)?.value;
    if (!pattern) throw new Error(`no word "${word}" in ${this.locale}`);
    return this.#bundle.formatPattern(pattern, values);
  }
}
