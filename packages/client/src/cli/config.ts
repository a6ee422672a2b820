/** Variables of the person's environment: RECKON_RELAY, RECKON_PRIVATE_KEY, and where settings lie. */
export type Env = Readonly<Record<string, string | undefined>>;

/** The only place of this package that reads the process's environment. */
export const processEnv: Env = process.env;
