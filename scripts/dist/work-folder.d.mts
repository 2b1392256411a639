/* Types of work-folder.mjs for the tests of packaging. */
export declare function withWorkFolder<T>(out: string, work: (folder: string) => Promise<T>): Promise<T>
