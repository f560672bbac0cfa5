// How the site's and the desk's scripts are checked. From the root of the repository: npm run lint --prefix .eslint

import js from "@eslint/js";
import globals from "globals";

// The scripts that are loaded with type="module"; the others are plain ones.
const MODULES = [
  ...["autosave", "claim-box", "find-story", "forms", "found", "front-page", "heartbeat", "keys", "marks", "notes"],
  ...["paste", "link-box", "person-box", "picture-box", "picture-in-text", "person-field", "plain-marks"],
  ...["review-person", "search-card", "story", "story-box", "text", "topic-box", "write-late"],
];

export default [
  js.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "array-callback-return": "error",
      "complexity": ["error", 10],
      "consistent-return": "error",
      "eqeqeq": "error",
      "max-depth": ["error", 4],
      "max-len": ["error", { code: 120, ignoreRegExpLiterals: true }],
      "no-duplicate-imports": "error",
      "no-else-return": "error",
      "no-eval": "error",
      "no-implicit-globals": "error",
      "no-implied-eval": "error",
      "no-lonely-if": "error",
      "no-new-func": "error",
      "no-shadow": "error",
      "no-throw-literal": "error",
      "no-unneeded-ternary": "error",
      "no-unused-expressions": "error",
      "no-use-before-define": ["error", { functions: false, variables: false }],
      "no-useless-rename": "error",
      "no-useless-return": "error",
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-arrow-callback": "error",
      "prefer-const": "error",
      "prefer-template": "error",
      "strict": ["error", "global"],
    },
  },
  {
    files: ["stories/static/**/*.js"],
    languageOptions: { ecmaVersion: 2022, sourceType: "script", globals: { ...globals.browser, django: "readonly" } },
  },
  {
    files: MODULES.map((name) => `stories/static/stories/admin/${name}.js`),
    languageOptions: { sourceType: "module" },
    rules: { strict: ["error", "never"] },
  },
  {
    files: [".eslint/*.js", "stories/tests/static/*.mjs"],
    languageOptions: { sourceType: "module", globals: globals.nodeBuiltin },
    rules: { strict: ["error", "never"] },
  },
];
