import { execFileSync } from 'node:child_process';
import { authorizationErrors } from '../nodes/OpenGateway/authorization/authorizationErrors';
import { nextMoves, ownErrors, type NextMove } from '../nodes/OpenGateway/errors';
import type { ErrorText } from '../nodes/OpenGateway/http';
import { operators } from '../nodes/OpenGateway/operators';

const moves: Record<NextMove, string> = {
	you: 'Something in the workflow or in the credential has to be mended.',
	registration:
		'Something has to be added to the application in the operator’s developer portal, or to its contract.',
	lineOwner:
		'Only the person whose line it is can change it, as by giving consent or by signing in.',
	operator: 'Wait and try again, or ask the operator’s support.',
};

/** Where each code of an authorization server is defined. */
const definitions: Record<string, string> = {
	invalid_client: 'RFC 6749, 5.2',
	unauthorized_client: 'RFC 6749, 4.1.2.1 and 5.2',
	invalid_scope: 'RFC 6749, 4.1.2.1 and 5.2',
	unknown_user_id: 'CIBA, 13',
	access_denied: 'RFC 6749, 4.1.2.1; CIBA, 11 and 13',
	consent_required: 'OpenID Connect, 3.1.2.6; CAMARA',
	login_required: 'OpenID Connect, 3.1.2.6',
	interaction_required: 'OpenID Connect, 3.1.2.6',
	account_selection_required: 'OpenID Connect, 3.1.2.6',
	expired_token: 'CIBA, 11',
	invalid_grant: 'RFC 6749, 5.2; RFC 7521, 4.1.1',
	invalid_request: 'RFC 6749, 4.1.2.1 and 5.2; CIBA, 13',
	invalid_request_object: 'OpenID Connect, 3.1.2.6',
	invalid_binding_message: 'CIBA, 13',
	missing_user_code: 'CIBA, 13',
	invalid_user_code: 'CIBA, 13',
	expired_login_hint_token: 'CIBA, 13',
	unsupported_grant_type: 'RFC 6749, 5.2',
	unsupported_response_type: 'RFC 6749, 4.1.2.1',
	invalid_dpop_proof: 'RFC 9449, 5',
	server_error: 'RFC 6749, 4.1.2.1',
	temporarily_unavailable: 'RFC 6749, 4.1.2.1',
};

const code = (text: string) => `\`${text}\``;
const whose = (nextMove: NextMove) =>
	nextMoves[nextMove].replace(/^./, (first) => first.toUpperCase());
const plain = (text: string) => text.replaceAll('{line}', 'the line');

function table(head: string[], rows: string[][]): string {
	const lines = [head, head.map(() => '---'), ...rows];
	return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function meanings(errors: Readonly<Record<string, ErrorText>>): string {
	return table(
		['Code', 'What happened', 'Whose move', 'What to do'],
		Object.entries(errors).map(([name, { happened, nextMove, remedy }]) => [
			code(name),
			plain(happened),
			whose(nextMove),
			plain(remedy),
		]),
	);
}

/** The codes for which an operator has other words than another one. */
function otherwise(errors: Readonly<Record<string, ErrorText>>, known: typeof errors) {
	return Object.fromEntries(Object.entries(errors).filter(([name, own]) => known[name] !== own));
}

/**
 * `docs/errors.md`: every error code that the node has words for, in those words.
 * @throws where a code of an authorization server has no definition here
 */
export function errorsPage(): string {
	const { telefonica, camara, nokia } = operators;
	const page = `# Errors

<!-- Generated from the code's own tables: UPDATE_DOCS=1 npx jest test/docs.test.ts -->

Every error says **what happened** and **what to do** about it; then follow the operator’s own code and words, and the _correlator_, by which the operator’s support finds your request. Where the workflow stops, the editor shows all of it. Where you set **Settings → On Error** of the node to _Continue_, the item has it in its field \`error\`: \`message\`, \`code\`, \`nextMove\`, \`status\` (of HTTP, or \`null\` where no answer came) and \`correlator\`; \`nextMove\` says whose move it is. Of a phone number only its ends are shown, and a secret or token never is. To branch on the kind of trouble, give a **Switch** node a rule for each \`{{ $json.error.nextMove }}\`:

${table(
	['`nextMove`', 'Whose move', 'What that means'],
	(Object.keys(moves) as NextMove[]).map((value) => [code(value), whose(value), moves[value]]),
)}

Look the code up below. One that is not here is the operator’s own: look it up in its documents, or give the correlator to its support. An unanswered device is not a device at home.

## Consent

\`access_denied\` and \`consent_required\` mean that **the owner of the line has not agreed** that your application may ask this, for this purpose. No setting in n8n changes that, and consent cannot be asked for from here: in the backend flows nobody looks at a screen while the operator decides. **The operator captures consent**, outside the workflow: in its app or customer portal, by a message to the phone, in its shops or with the contract; for some purposes the law gives another basis, and nobody need be asked. Find out in your operator’s documents how a customer agrees to your application and purpose, send the person there, and ask again afterwards. Some operators ask on the phone’s own screen: with them, use the frontend flow (resource Authorization), in which the owner of the line can agree on the way. Consent can be withdrawn at any time; a line that was answered for yesterday may be refused today.

## While access is obtained

The codes of OAuth 2.0 ([RFC 6749](https://www.rfc-editor.org/rfc/rfc6749)), of its assertions ([RFC 7521](https://www.rfc-editor.org/rfc/rfc7521)) and of bound tokens ([RFC 9449](https://www.rfc-editor.org/rfc/rfc9449)), of [OpenID Connect](https://openid.net/specs/openid-connect-core-1_0.html) and of its backend flow, [CIBA](https://openid.net/specs/openid-client-initiated-backchannel-authentication-core-1_0.html); the numbers are their sections. \`authorization_pending\` and \`slow_down\` are no errors: the node waits, and asks again as slowly as it is told to.

${table(
	['Code', 'Defined in', 'What happened', 'Whose move', 'What to do'],
	Object.entries(authorizationErrors).map(([name, { happened, nextMove, remedy }]) => [
		code(name),
		definitionOf(name),
		plain(happened),
		whose(nextMove),
		plain(remedy),
	]),
)}

## While the operator is asked

### ${telefonica.displayName}

The codes of Telefónica’s Device Status v0.4.

${meanings(telefonica.errors)}

### Operators of CAMARA

The codes of [CAMARA Device Roaming Status](https://github.com/camaraproject/DeviceStatus) v1.0 and v1.1.

${meanings(camara.errors)}

### ${nokia.displayName}

As the operators of CAMARA, but for these, in which RapidAPI speaks:

${meanings(otherwise(nokia.errors, camara.errors))}

## From the node itself

Where nobody was asked, or no answer could be read. What to do is in the message, which says what is wrong in particular.

${table(
	['Code', 'What happened', 'Whose move'],
	Object.entries(ownErrors).map(([name, { happened, nextMove }]) => [
		code(name),
		happened,
		whose(nextMove),
	]),
)}
`;
	return formatted(page);
}

function definitionOf(name: string): string {
	const definition = definitions[name];
	if (definition === undefined) throw new Error(`Say in errorsPage.ts where ${name} is defined`);
	return definition;
}

/** As the formatter leaves it. Its own process: jest cannot import it. */
function formatted(page: string): string {
	const prettier = require.resolve('prettier/bin/prettier.cjs');
	const options = ['--stdin-filepath', 'docs/errors.md'];
	return execFileSync(process.execPath, [prettier, ...options], { input: page, encoding: 'utf8' });
}
