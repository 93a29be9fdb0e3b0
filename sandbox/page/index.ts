/** The page on which a person moves devices, and sees the events that follow. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Middleware } from 'koa';

const part = (file: string) => readFileSync(join(__dirname, file), 'utf8');

/** A source of a content security policy, which allows this text alone. */
const sourceOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Answers with the page, which holds all that it needs. */
export function controlPage(): Middleware {
	const style = part('page.css');
	const script = part('page.js');
	const policy = [
		"default-src 'none'",
		`style-src ${sourceOf(style)}`,
		`script-src ${sourceOf(script)}`,
		...["connect-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
	].join('; ');
	const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sandbox</title>
<style>${style}</style>
</head>
<body>
${part('page.html')}<script type="module">${script}</script>
</body>
</html>
`;
	return (ctx) => {
		ctx.set({
			'content-type': 'text/html; charset=utf-8',
			'cache-control': 'no-store',
			'content-security-policy': policy,
			'referrer-policy': 'no-referrer',
			'x-content-type-options': 'nosniff',
		});
		ctx.body = page;
	};
}
