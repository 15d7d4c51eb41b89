/** What a tag is at the registry, next to what it is here. */
export interface PlannedTag {
  readonly tag: string;
  /** Of the manifest here. */
  readonly digest: string;
  /**
   * `new`: not there; `same`: there with this digest, and not sent; `different`: there, to be replaced; `unknown`: the
   * registry does not say, so that it may be.
   */
  readonly state: 'new' | 'same' | 'different' | 'unknown';
}

/** Whether sending a tag replaces another image, or may: a person is asked first. */
export const mayReplace = ({ state }: PlannedTag): boolean => state === 'different' || state === 'unknown';
