/** Whether a version such as `5.2.0` or `5.10.0-21-amd64` comes before `6.0`. */
export function isOlder(version: string, first: string): boolean {
  const numbersOf = (text: string): readonly number[] => text.split(/[^\d]+/).map(Number);
  const [major = 0, minor = 0] = numbersOf(version);
  const [firstMajor = 0, firstMinor = 0] = numbersOf(first);
  return major < firstMajor || (major === firstMajor && minor < firstMinor);
}
