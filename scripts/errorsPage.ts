/** Writes `docs/errors.md`, by way of `test/docs.test.ts`. */
import { execFileSync } from 'node:child_process';
import {
	authorizationErrors,
	jwtBearerErrors,
} from '../nodes/OpenGateway/authorization/authorizationErrors';
import { nextMoves, ownErrors, type ErrorText, type NextMove } from '../nodes/OpenGateway/errors';
import { operators } from '../nodes/OpenGateway/operators';
import { subscriptionErrors } from '../nodes/OpenGateway/operators/sharedErrors';

const code = (text: string) => `\`${text}\``;
const whose = (nextMove: NextMove) =>
	nextMoves[nextMove].who.replace(/^./, (first) => first.toUpperCase());
/** @param field the one that the address comes from */
const inGeneral = (text: string, field: string) =>
	text
		.replaceAll('{device}', 'the device')
		.replaceAll('{address}', 'the address that was asked')
		.replaceAll('{field}', field);

function table(head: string[], rows: string[][]): string {
	const lines = [head, head.map(() => '---'), ...rows];
	return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function cellsOf({ happened, nextMove, remedy }: ErrorText, field: string): string[] {
	return [inGeneral(happened, field), whose(nextMove), inGeneral(remedy, field)];
}

/** The codes of all operators; operators that share a code's text share its row. */
function operatorRows(): string[][] {
	const rows = new Map<string, { operators: string[]; cells: string[] }>();
	for (const { displayName, errors } of Object.values(operators)) {
		for (const [name, text] of Object.entries(errors)) {
			const cells = cellsOf(text, "'Base URL'");
			const key = [name, ...cells].join('\n');
			const row = rows.get(key) ?? { operators: [], cells: [code(name), ...cells] };
			row.operators.push(displayName);
			rows.set(key, row);
		}
	}
	return [...rows.values()].map(({ operators: names, cells: [name = '', ...cells] }) => [
		name,
		names.length === Object.keys(operators).length ? 'All' : names.join(', '),
		...cells,
	]);
}

/** Every error code that the node has words for, in those words. */
export function errorsPage(): string {
	return formatted(`# Errors

<!-- Generated from the code's own tables: UPDATE_DOCS=1 npx jest test/docs.test.ts -->

Every error says **what happened** and **what to do**. It also gives the operator’s own code and words, and the _correlator_, by which the operator’s support finds your request. If the workflow stops, the editor shows all of it. If **Settings → On Error** of the node is set to _Continue_, the item has it in its field \`error\`: \`message\`, \`code\`, \`description\` (the operator’s own words, or \`null\`), \`nextMove\`, \`status\` (the HTTP status, or \`null\` if no response came) and \`correlator\`. Phone numbers in it are masked, and it never holds a secret or token. To branch on who can resolve it, give a **Switch** node a rule for each \`{{ $json.error.nextMove }}\`:

${table(
	['`nextMove`', 'Who can fix it', 'How'],
	Object.entries(nextMoves).map(([value, { description }]) => [
		code(value),
		whose(value as NextMove),
		description,
	]),
)}

Look the code up below. A code that is not listed is the operator’s own: its HTTP status says what it means, and the operator’s words and documents say more. A response without any code has the code \`HTTP_\` with its status, such as \`HTTP_403\`; a status that is not listed means the same as \`HTTP_400\` or \`HTTP_500\`, the first of its hundred. However the operator says that the quota of your contract is used up, the code is \`QUOTA_EXCEEDED\`. A device without an answer is not a device at home.

## Consent

\`access_denied\` and \`consent_required\` mean that **the phone’s owner has not consented** to this check by your application, for this purpose. No setting in n8n changes that, and the workflow cannot ask for consent: in the backend flows nobody looks at a screen while the operator decides. **The operator captures consent** outside the workflow: in its app or customer portal, by a message to the phone, in its shops or with the contract. For some purposes the law gives another basis, and nobody has to be asked. Find out in your operator’s documents how a customer consents to your application and purpose, send the person there, and check again afterwards. Some operators ask on the phone’s own screen: with them, use the frontend flow (resource Authorization), in which the phone’s owner can consent on the way. Consent can be withdrawn at any time: a device that was answered for yesterday may be refused today.

## While the node obtains access

The codes of OAuth 2.0 ([RFC 6749](https://www.rfc-editor.org/rfc/rfc6749)), of its assertions ([RFC 7521](https://www.rfc-editor.org/rfc/rfc7521)) and of bound tokens ([RFC 9449](https://www.rfc-editor.org/rfc/rfc9449)), of [OpenID Connect](https://openid.net/specs/openid-connect-core-1_0.html) and of its backend flow, [CIBA](https://openid.net/specs/openid-client-initiated-backchannel-authentication-core-1_0.html), with their sections. \`authorization_pending\` and \`slow_down\` never reach a workflow: the node waits as long as they ask for. The second row of \`invalid_grant\` is for the Backend Flow (JWT Bearer).

${table(
	['Code', 'Defined in', 'What happened', 'Who can fix it', 'What to do'],
	[authorizationErrors, jwtBearerErrors].flatMap((errors) =>
		Object.entries(errors).map(([name, text]) => [
			code(name),
			text.source,
			...cellsOf(text, 'the field that the message names'),
		]),
	),
)}

## While the operator answers

The codes of CAMARA’s device status APIs in all their versions, whichever of them an operator offers.

${table(['Code', 'Operator', 'What happened', 'Who can fix it', 'What to do'], operatorRows())}

## While the operator subscribes the trigger

Codes that the API of subscriptions has beside those above.

${table(
	['Code', 'What happened', 'Who can fix it', 'What to do'],
	Object.entries(subscriptionErrors).map(([name, text]) => [
		code(name),
		...cellsOf(text, "'Base URL'"),
	]),
)}

## From the node itself

No request was sent, or no response could be read. The message says what is wrong in particular, and what to do.

${table(
	['Code', 'What happened', 'Who can fix it'],
	Object.entries(ownErrors).map(([name, { happened, nextMove }]) => [
		code(name),
		happened,
		whose(nextMove),
	]),
)}
`);
}

/** Runs the formatter in its own process: jest cannot import it. */
function formatted(page: string): string {
	const prettier = require.resolve('prettier/bin/prettier.cjs');
	const options = ['--stdin-filepath', 'docs/errors.md'];
	return execFileSync(process.execPath, [prettier, ...options], { input: page, encoding: 'utf8' });
}
