/** Vite: the address of a file. */
declare module '*?url' {
  const address: string;
  export default address;
}

/** Vite: the address of a worker's script, bundled by itself. */
declare module '*?worker&url' {
  const address: string;
  export default address;
}
