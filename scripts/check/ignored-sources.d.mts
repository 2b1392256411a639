/* Types of ignored-sources.mjs for its test. */
export declare function ignoredSources(root: string): string[]
