import { escape, type Page } from './page.ts';

/** Tabs of this browser that wait at the sign-in page hear on this channel that a link was opened in another. */
const CHANNEL = 'flexdeck-sign-in';

const LINK_COMMAND = 'npm run sign-in-link -- --account owner';

/** Somebody to choose at the sign-in page. */
export interface AccountChoice {
  objectId: string;
  userName: string;
  description: string;
  hasPassword: boolean;
}

/** Account and password; without any password so far, how to get a link. */
export function signInPage(options: {
  action: string;
  accounts: readonly AccountChoice[];
  chosen?: string;
  error?: string;
}): Page {
  const { action, accounts, error } = options;
  const usable = accounts.filter((account) => account.hasPassword);
  const chosen = usable.find((account) => account.objectId === options.chosen) ?? usable[0];
  const cards = usable.map(
    (account) =>
      `<label class="card"><input type="radio" name="account" value="${escape(account.objectId)}" required${
        account === chosen ? ' checked' : ''
      }>${escape(account.userName)}<span>${escape(account.description)}</span></label>`,
  );
  const form = `<form method="post" action="${escape(action)}">
<fieldset><legend>Account</legend>${cards.join('')}</fieldset>
<label class="name" for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required autofocus${
    error ? ' aria-describedby="error" aria-invalid="true"' : ''
  }>
<button>Sign in</button></form>`;
  const help =
    usable.length > 0
      ? 'Without a password, open a one-time link. Make one in the folder of Flexdeck:'
      : 'No account has a password yet. Open the link that <b>npm start</b> printed, or make another in the folder of Flexdeck:';
  return {
    title: 'Sign in',
    body: `<h1>Sign in</h1>
<p>to the cloud on this machine</p>
${error ? `<div class="bad" id="error" role="alert">${escape(error)}</div>` : ''}
${usable.length > 0 ? form : ''}
${usable.length > 0 ? '<div class="help">' : '<div>'}<p>${help}</p><code tabindex="0">${LINK_COMMAND}</code></div>`,
    script: `new BroadcastChannel('${CHANNEL}').onmessage=()=>location.reload()`,
  };
}

/** Behind a one-time link: sends the secret of the fragment, takes it out of the address, goes to the portal. */
export function linkPage(portalOrigin: string): Page {
  return {
    title: 'Signing in',
    body: `<div id="busy"><h1 class="busy" role="status">Signing you in…</h1><noscript><p>This page needs JavaScript.</p></noscript></div>
<div id="failed" hidden><h1 tabindex="-1">This link does not work any more</h1>
<p>A link signs in once, within ten minutes. Make another in the folder of Flexdeck:</p>
<code tabindex="0">${LINK_COMMAND}</code>
<p class="foot"><a href="${escape(portalOrigin)}/">Go to Flexdeck</a></p></div>`,
    // A new link opened in the tab of a spent one only changes the fragment, which loads nothing by itself.
    script: `
addEventListener('hashchange', () => location.reload())
const secret = location.hash.slice(1)
history.replaceState(null, '', location.pathname)
const failed = () => { busy.hidden = true; const box = document.getElementById('failed'); box.hidden = false; box.firstElementChild.focus() }
const busy = document.getElementById('busy')
fetch('/sign-in', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ secret }) })
  .then(async (answer) => {
    if (!answer.ok) return failed()
    const { location: next } = await answer.json()
    new BroadcastChannel('${CHANNEL}').postMessage('signed in')
    location.replace(next)
  })
  .catch(failed)`,
  };
}

/** Sets a password for whoever is signed in. */
export function passwordPage(options: {
  userName: string;
  askCurrent: boolean;
  error?: string;
  done?: boolean;
  portalOrigin: string;
}): Page {
  const { userName, askCurrent, error, done, portalOrigin } = options;
  if (done) {
    return {
      title: 'Password set',
      body: `<h1>Password set</h1><p>Sign in as ${escape(userName)} with it from now on.</p>
<a class="button" href="${escape(portalOrigin)}/">Go to Flexdeck</a>`,
    };
  }
  const invalid = error ? ' aria-describedby="error" aria-invalid="true"' : '';
  return {
    title: 'Set a password',
    body: `<h1>Set a password</h1><p>for ${escape(userName)}, 12 characters or more</p>
${error ? `<div class="bad" id="error" role="alert">${escape(error)}</div>` : ''}
<form method="post" action="/password">
<input type="hidden" name="username" autocomplete="username" value="${escape(userName)}">
${
  askCurrent
    ? `<label class="name" for="current">Current password</label>
<input id="current" name="current" type="password" autocomplete="current-password" required${invalid}>`
    : ''
}
<label class="name" for="password">New password</label>
<input id="password" name="password" type="password" autocomplete="new-password" minlength="12" maxlength="256" required${invalid}>
<label class="name" for="again">New password again</label>
<input id="again" name="again" type="password" autocomplete="new-password" minlength="12" maxlength="256" required${invalid}>
<button>Set password</button></form>
<p class="foot"><a href="${escape(portalOrigin)}/">Back to Flexdeck</a></p>`,
  };
}

/** @param form the issuer's own; submitted at once where the portal proved that its user asked. */
export function signOutPage(form: string, { asked }: { asked: boolean }): Page {
  const confirm = `<button form="op.logoutForm" name="logout" value="yes" autofocus>Sign out</button>
<button class="plain" form="op.logoutForm">Stay signed in</button>`;
  return asked
    ? {
        title: 'Signing out',
        body: `<h1 class="busy" role="status">Signing you out…</h1>${form}<noscript>${confirm}</noscript>`,
        script: `const form = document.getElementById('op.logoutForm')
const yes = document.createElement('input')
yes.type = 'hidden'; yes.name = 'logout'; yes.value = 'yes'
form.append(yes); form.submit()`,
      }
    : { title: 'Sign out', body: `<h1>Sign out?</h1><p>of the cloud on this machine</p>${form}${confirm}` };
}

export function signedOutPage(portalOrigin: string): Page {
  return {
    title: 'Signed out',
    body: `<h1>You are signed out</h1><p>Your servers keep running.</p>
<a class="button" href="${escape(portalOrigin)}/">Sign in again</a>`,
  };
}

export function errorPage(message: string, portalOrigin: string): Page {
  return {
    title: 'Sign-in failed',
    body: `<h1>Signing in did not work</h1><div class="bad">${escape(message)}</div>
<a class="button" href="${escape(portalOrigin)}/">Start again</a>`,
  };
}
