/** A version as the step inside the history that a location names. */
export function versionTab(version: number | undefined): string | undefined {
  return version === undefined ? undefined : `version ${version}`;
}

/** The line of the list that such a location means. */
export function versionLine(tab: string | undefined): string | undefined {
  return tab?.startsWith("version ") ? tab : undefined;
}
