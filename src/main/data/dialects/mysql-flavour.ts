/** Two servers of one dialect; which it is, a server tells with its version. */
export type Flavour = 'MySQL' | 'MariaDB'

/** @param version as the server says it: `8.4.3`, `10.11.19-MariaDB`. */
export const flavourOf = (version: string): Flavour => (/mariadb/i.test(version) ? 'MariaDB' : 'MySQL')
