// Serves a page that embeds the widget, as a stranger's site would: node examples/site/serve.ts
// EMBED_ORIGIN (default http://127.0.0.1:4281), SITE (default example), PORT (default 4290); `?embed=ORIGIN` overrides the first.
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

export interface SiteOptions {
  /** Where the widget's loader and frame come from. */
  embedOrigin: string;
  /** The site's id at the relay. */
  site: string;
}

const read = (name: string) => readFile(new URL(name, import.meta.url), 'utf8');
const isOrigin = (text: string) => URL.canParse(text) && new URL(text).origin === text;

/** Everything is forbidden but the site's own style and the two lines the widget needs (docs/embedding.md). */
const policy = (embed: string) =>
  `default-src 'none'; style-src 'self'; script-src ${embed}; frame-src ${embed}; base-uri 'none'; form-action 'none'`;

export function createSite({ embedOrigin, site }: SiteOptions): Server {
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://site');
    if (url.pathname === '/site.css') {
      return response.writeHead(200, { 'content-type': 'text/css' }).end(await read('site.css'));
    }
    if (url.pathname !== '/') return response.writeHead(404).end();
    const asked = url.searchParams.get('embed') ?? '';
    const embed = isOrigin(asked) ? asked : embedOrigin;
    const page = (await read('index.html')).replaceAll('{{EMBED}}', embed).replaceAll('{{SITE}}', site);
    const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy(embed) };
    return response.writeHead(200, headers).end(page);
  };
  return createServer((request, response) => void answer(request, response));
}

/* oxlint-disable no-console, node/no-process-env -- a program of its own, started by hand */
if (import.meta.main) {
  const { EMBED_ORIGIN = 'http://127.0.0.1:4281', SITE = 'example', PORT = '4290' } = process.env;
  const server = createSite({ embedOrigin: EMBED_ORIGIN, site: SITE });
  server.listen(Number(PORT), '127.0.0.1', () => console.log(`A stranger's page: http://127.0.0.1:${PORT}/`));
}
