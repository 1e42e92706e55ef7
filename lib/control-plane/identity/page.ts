import { randomBytes } from 'node:crypto';

/** A page of the issuer: one column, inline style and script, nothing from anywhere else. */
export interface Page {
  title: string;
  /** Markup; whatever came from outside in it went through {@link escape}. */
  body: string;
  /** JavaScript of the page. */
  script?: string;
}

export interface RenderedPage {
  html: string;
  headers: Record<string, string>;
}

/**
 * @param formTargets origins beside our own to which an answer to the page's form may redirect: browsers hold
 *   `form-action` against those too.
 */
export function renderPage(page: Page, formTargets: readonly string[] = []): RenderedPage {
  const nonce = randomBytes(16).toString('base64');
  const policy = [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    `script-src 'nonce-${nonce}'`,
    "connect-src 'self'",
    'img-src data:',
    `form-action ${["'self'", ...formTargets].join(' ')}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    html: render(page, nonce),
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': policy.join('; '),
      // Not `no-referrer`: with that, browsers send `Origin: null` with our own forms.
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    },
  };
}

/** Text that came from outside, made harmless in markup and attributes. */
export function escape(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

function render({ title, body, script }: Page, nonce: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escape(title)} · Flexdeck</title>
<link rel="icon" href="data:image/svg+xml,${encodeURIComponent(BRAND)}">
<style nonce="${nonce}">${STYLE}</style>
<body>
<header>${BRAND}<b>Flexdeck</b><span>Local cloud</span></header>
<main>${body}</main>
${script ? `<script nonce="${nonce}">${script}</script>` : ''}
</body>
</html>`;
}

/** The portal's mark, so that both are seen to be one; the tab's icon as well, which browsers ask us for otherwise. */
const BRAND =
  '<svg xmlns="http://www.w3.org/2000/svg" width="22" height="22" viewBox="0 0 24 24" aria-hidden="true"><rect x="5" y="2.5" width="16" height="5.2" rx="1.7" fill="#2f5f9e"/><rect x="3.5" y="9.3" width="16" height="5.2" rx="1.7" fill="#3f86e0"/><rect x="2" y="16.1" width="16" height="5.4" rx="1.7" fill="#8cc4ff"/><circle cx="5.2" cy="18.8" r="1.1" fill="#0d1b2e"/><path d="M9 18.8h6" stroke="#0d1b2e" stroke-width="1.3" stroke-linecap="round"/></svg>';

const STYLE = `
:root{color-scheme:light dark;
--bg:light-dark(#f5f7f9,#0c1118);--surface:light-dark(#fff,#131a23);--sunken:light-dark(#eef1f5,#0f151d);
--line:light-dark(#dde2e9,#253041);--line-strong:light-dark(#76849a,#6b7c95);
--text:light-dark(#131c28,#e8eef6);--text-2:light-dark(#455264,#b3bfce);
--accent:light-dark(#0a62c4,#5aa9ff);--accent-hover:light-dark(#084f9f,#84c0ff);--accent-weak:light-dark(#e5f0fc,#122a45);
--on-accent:light-dark(#fff,#06121f);--ok:light-dark(#12734a,#4cc38a);--bad:light-dark(#b4232f,#ff8088);--bad-weak:light-dark(#fdebec,#341619);
--mono:ui-monospace,"Cascadia Mono",monospace}
*{box-sizing:border-box}
html{font:14px/1.5 Inter,"Segoe UI Variable Text","Segoe UI",system-ui,sans-serif;color:var(--text);background:var(--bg)}
body{margin:0;min-height:100vh;display:grid;grid-template-rows:44px 1fr}
header{background:light-dark(#0d1b2e,#070c13);color:#dfe8f4;display:flex;align-items:center;gap:8px;padding:0 16px}
header span{color:#a9bad0;margin-left:8px}
main{width:min(440px,100% - 32px);margin:clamp(24px,12vh,120px) auto 40px;align-self:start;background:var(--surface);border:1px solid var(--line);border-radius:8px;padding:28px 28px 24px;box-shadow:0 1px 2px rgb(16 28 45/.06),0 4px 16px rgb(16 28 45/.08)}
@media (max-width:480px){main{padding:22px 18px}}
h1{font-size:20px;line-height:28px;margin:0 0 4px;font-weight:620;letter-spacing:-.01em}
p{margin:0 0 16px;color:var(--text-2)}
h1:focus{outline:none}
a{color:var(--accent)}
fieldset{border:0;margin:0 0 16px;padding:0;display:grid;gap:8px}
legend,label.name{display:block;padding:0;margin:0 0 6px;font-weight:560}
label.card{display:grid;grid-template-columns:auto 1fr;column-gap:10px;align-items:center;border:1px solid var(--line-strong);border-radius:6px;padding:9px 12px;cursor:pointer}
label.card span{grid-column:2;color:var(--text-2);font-size:12.5px}
label.card:has(:checked){border-color:var(--accent);background:var(--accent-weak);box-shadow:inset 0 0 0 1px var(--accent)}
label.card:has(:focus-visible){outline:2px solid var(--accent);outline-offset:2px}
input[type=radio]{accent-color:var(--accent);margin:0;outline:none}
input[type=password]{width:100%;height:34px;border:1px solid var(--line-strong);border-radius:6px;background:var(--surface);color:inherit;font:inherit;padding:0 10px;margin:0 0 16px}
button,a.button{display:flex;width:100%;align-items:center;justify-content:center;min-height:36px;border:1px solid transparent;border-radius:6px;background:var(--accent);color:var(--on-accent);font:inherit;font-weight:560;cursor:pointer;text-decoration:none}
button:hover,a.button:hover{background:var(--accent-hover)}
button.plain{background:none;border-color:var(--line-strong);color:var(--text);margin-top:8px}
button.plain:hover{background:var(--sunken)}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.bad{background:var(--bad-weak);color:var(--bad);border-radius:6px;padding:9px 12px;margin:12px 0 16px}
code{display:block;font:12.5px/1.5 var(--mono);background:var(--sunken);border:1px solid var(--line);border-radius:6px;padding:8px 12px;overflow-x:auto;color:var(--text)}
.help{border-top:1px solid var(--line);margin-top:22px;padding-top:16px}.help p{margin:0 0 8px;font-size:13px}
.foot{margin:18px 0 0;font-size:13px}
[hidden]{display:none!important}
.busy{display:flex;gap:12px;align-items:center}
.busy::before{content:"";width:18px;height:18px;border-radius:50%;border:2px solid var(--line-strong);border-top-color:var(--accent);flex:none}
@media (prefers-reduced-motion:no-preference){.busy::before{animation:turn .8s linear infinite}}
@keyframes turn{to{transform:rotate(1turn)}}
`;
