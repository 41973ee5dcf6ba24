const LANGUAGES = { en: "English", de: "Deutsch" };

let texts = {};
let language = "en";
let plurals = new Intl.PluralRules("en");

/**
 * A text in the user's language.
 *
 * @param {string} key the name of the text
 * @param {object} values values for the placeholders in {braces}; count selects the plural form
 */
export function t(key, values = {}) {
  let text = texts[key];
  if (text === undefined) return key;
  if (typeof text === "object") text = text[plurals.select(values.count)] ?? text.other;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (values[name] === undefined ? whole : number(values[name])));
}

/** Whether there is a text with this name. */
export const knows = (key) => texts[key] !== undefined;

const number = (value) => (typeof value === "number" ? value.toLocaleString(language) : value);

export const locale = () => language;
export const languages = () => Object.entries(LANGUAGES);

/** The language: the user's choice here, then the choice at Keycloak, then the browser's languages. */
export async function loadLanguage(atKeycloak) {
  const wanted = [stored("language"), atKeycloak, ...navigator.languages.map((name) => name.slice(0, 2))];
  language = wanted.find((name) => name in LANGUAGES) ?? "en";
  texts = (await import(`../i18n/${language}.js`)).default;
  plurals = new Intl.PluralRules(language);
  document.documentElement.lang = language;
}

export function chooseLanguage(name) {
  store("language", name);
  location.reload();
}

export function stored(name) {
  try {
    return localStorage.getItem(`perch.${name}`);
  } catch {
    return null;
  }
}

export function store(name, value) {
  try {
    if (value) localStorage.setItem(`perch.${name}`, value);
    else localStorage.removeItem(`perch.${name}`);
  } catch {
    // Without storage the choice is not kept
  }
}
