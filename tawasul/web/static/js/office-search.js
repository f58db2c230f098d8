/**
 * Finding an agency by what somebody types of its name: any of its words, in any spelling, with or without the article. Pure.
 */

/** @typedef {{arabic: string, english: string}} Name */

/** Words as they are compared: without marks, with one letter for those that people write for one another. @param {string} text @returns {string[]} */
export function foldedWords(text) {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\u064b-\u065f\u0670\u0640\u200e\u200f\u2066-\u2069]/g, "")
    .replace(/[أإآٱ]/g, "ا")
    .replace(/ى/g, "ي")
    .replace(/ة/g, "ه")
    .replace(/ؤ/g, "و")
    .replace(/ئ/g, "ي")
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}

/**
 * Those whose name, in either language, has a word that begins with each word that was typed; in the order given.
 * @template {{name: Name}} T
 * @param {readonly T[]} agencies
 * @param {string} typed
 * @returns {T[]}
 */
export function matching(agencies, typed) {
  const sought = foldedWords(typed);
  return agencies.filter(({ name }) => {
    const words = [...foldedWords(name.arabic), ...foldedWords(name.english)];
    return sought.every((each) => words.some((word) => begins(word, each)));
  });
}

/** The article, and what is written together with it, may be left out. @param {string} word @param {string} typed */
function begins(word, typed) {
  return word.startsWith(typed) || bare(word).startsWith(bare(typed));
}

/** @param {string} word */
function bare(word) {
  return word.replace(/^(?:وال|بال|كال|لل|ال)(?=..)/, "");
}
