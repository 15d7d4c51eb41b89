/** Packages in a sentence: the first of many, and how many more. */
export const inWords = (packages: readonly string[]): string =>
  packages.length > 3 ? `${packages[0]} and ${packages.length - 1} more` : packages.join(' and ');
