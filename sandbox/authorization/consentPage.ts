/** The page on which a phone's owner allows an application to ask about the phone. */
import { createHash } from 'node:crypto';
import { purposes } from '../../nodes/OpenGateway/authorization/purpose';
import { subscribers } from '../subscribers';

const STYLE = `
	body { margin: 0; background: #eef1f5; color: #1c2733; font: 1rem/1.5 system-ui, sans-serif; }
	main { max-width: 26rem; margin: 0 auto; padding: 1.5rem; background: #fff; min-height: 100vh;
		box-sizing: border-box; }
	h1 { margin: 0 0 1rem; font-size: 1.3rem; line-height: 1.3; overflow-wrap: anywhere; }
	dl { margin: 0 0 1.5rem; }
	dt { color: #5b6875; font-size: 0.85rem; }
	dd { margin: 0 0 0.75rem; overflow-wrap: anywhere; }
	label { display: block; font-weight: 600; }
	select { width: 100%; margin: 0.4rem 0; padding: 0.7rem 0.5rem; font: inherit; font-weight: 400;
		border: 1px solid #9aa7b4; border-radius: 0.5rem; background: #fff; }
	small { color: #5b6875; }
	button { width: 100%; margin-top: 0.75rem; padding: 0.8rem; font: inherit; font-weight: 600;
		border: 1px solid #0b63ce; border-radius: 0.5rem; background: #fff; color: #0b63ce; }
	button[value='allow'] { margin-top: 1.5rem; background: #0b63ce; color: #fff; }
`;

/**
 * The headers of every page. There is no `form-action`, because browsers apply it to redirects after
 * the form, too, and those lead to the application.
 */
export const pageHeaders = {
	'content-type': 'text/html; charset=utf-8',
	'cache-control': 'no-store',
	'content-security-policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; frame-ancestors 'none'`,
	'referrer-policy': 'no-referrer',
	'x-content-type-options': 'nosniff',
};

/**
 * @param scope of the request, with its purpose
 * @param hinted the identity of the subscriber that the application expects
 */
export function consentPage({
	clientId,
	scope,
	hinted,
}: {
	clientId: string;
	scope: string;
	hinted?: string;
}): string {
	const scopes = scope.split(' ').filter((one) => one !== 'openid');
	return page(
		'Allow?',
		`<h1>${escaped(clientId)} wants to know whether this phone is roaming</h1>
<dl>
	<dt>What for</dt><dd>${escaped(purposeIn(scopes))}</dd>
	<dt>Scope</dt><dd>${escaped(scopes.join(' '))}</dd>
</dl>
<form method="post">
	<label>This phone
		<select name="subscriber">
${phones(hinted)
	.map(({ identity, label, chosen }) => option(identity, label, chosen))
	.join('\n')}
		</select>
	</label>
	<small>An operator recognises the phone by its mobile connection. Here there is none: say which one you hold.</small>
	<button name="decision" value="allow">Allow</button>
	<button name="decision" value="refuse">Refuse</button>
</form>`,
	);
}

/** The page for a browser that comes without a request, or too late. */
export const expiredPage = page(
	'Over',
	'<h1>There is nothing to decide</h1><p>This request has been answered, has expired, or was made in another browser. Start again from the application.</p>',
);

function page(title: string, content: string): string {
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – Sandbox operator</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${content}
</main>
</body>
</html>
`;
}

/** One phone for each kind of subscriber, and the hinted phone if it is another. */
function phones(hinted: string | undefined) {
	const known = subscribers.map(({ ending, description }) => {
		const identity = `+3460000000${ending}`;
		return { identity, label: `${identity} ${description}`, chosen: identity === hinted };
	});
	if (hinted === undefined || known.some(({ chosen }) => chosen)) return known;
	return [{ identity: hinted, label: hinted, chosen: true }, ...known];
}

function option(value: string, label: string, chosen: boolean): string {
	return `\t\t\t<option value="${escaped(value)}"${chosen ? ' selected' : ''}>${escaped(label)}</option>`;
}

/** The name of the purpose among the scopes. */
function purposeIn(scopes: readonly string[]): string {
	const [, value] = /^dpv:(\w+)/.exec(scopes.find((one) => one.startsWith('dpv:')) ?? '') ?? [];
	return purposes.find((purpose) => purpose.value === value)?.name ?? '';
}

function escaped(text: string): string {
	return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
