/* Types of database-programs.mjs, which set-up runs before anything could compile it and tests use too. */
export declare const findMariadbServer: () => string | undefined
export declare const findMariadbInstaller: () => string | undefined
export declare const findMariadbClient: () => string | undefined
export declare const findPsql: () => string | undefined
