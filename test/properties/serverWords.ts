import fc from 'fast-check';
import {
	authorizationError,
	authorizationErrorFor,
	authorizationErrors,
} from '../../nodes/OpenGateway/authorization/authorizationErrors';
import { deviceInWords, parsePhoneNumber } from '../../nodes/OpenGateway/device';
import { OpenGatewayError, quoted, toItemError } from '../../nodes/OpenGateway/errors';
import { readResponse, type HttpResponse } from '../../nodes/OpenGateway/http';
import { operators, type Operator } from '../../nodes/OpenGateway/operators';
import { refusalError } from '../../nodes/OpenGateway/refusal';
import { hidden } from '../../nodes/OpenGateway/sent';
import { anything, interspersed, json, status, text } from './arbitraries';
import type { Property } from './property';

const phoneNumber = fc.stringMatching(/^[1-9]\d{7,14}$/);
/** As servers write numbers. */
const separators = fc.constantFrom('', '', '', ' ', '-', '.', '\u00A0', ') ', ' (');
/** Words of letters alone may be names, and hardly any 32 random bytes are. */
const token = fc
	.oneof(
		fc.base64String({ minLength: 24, maxLength: 400 }),
		fc.stringMatching(/^[\w-]{10,90}\.[\w-]{10,90}\.[\w-]{10,90}$/),
		fc.stringMatching(/^[\da-f]{32,64}$/),
	)
	.filter((word) => /\d/.test(word));
const around = fc.constantFrom('', ' ', ': ', '"', "'", '<b>', '\n', ', ', '(');

/** Whether nothing in a text is markup, hides another part, or breaks the line. */
const isHarmless = (shown: string) =>
	!/[<>`\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u.test(shown);

const isWellFormed = (shown: string) => !/\p{Cs}/u.test(shown);

/** Known codes, names that every object has, and other texts. */
const code = fc.oneof(
	fc.constantFrom(
		...Object.keys(authorizationErrors),
		...Object.values<Operator>(operators).flatMap(({ errors }) => Object.keys(errors)),
		'toString',
		'constructor',
		'__proto__',
		'authorization_pending',
	),
	text,
);
const errorBody = fc.oneof(
	json,
	fc.record(
		{
			error: fc.oneof(code, json),
			error_description: fc.oneof(text, json),
			code: fc.oneof(code, fc.integer()),
			message: fc.oneof(text, json),
		},
		{ requiredKeys: [] },
	),
);
const answer: fc.Arbitrary<HttpResponse> = fc.record(
	{
		status,
		url: fc.constant('https://api.example.com/'),
		correlator: fc.constant('made-up-correlator'),
		json: fc.oneof(errorBody, fc.constant(undefined)),
		text: fc.oneof(
			text,
			text.map((words) => `<e><code>${words}</code></e>`),
		),
		challenge: fc.oneof(
			text,
			text.map((words) => `Bearer error="${words}"`),
		),
	},
	{ requiredKeys: ['status', 'url', 'correlator', 'json'] },
);

const retryAfter = fc.oneof(
	fc.integer().map(String),
	fc.stringMatching(/^\d{1,20}$/),
	fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
	fc.constantFrom('', ' 1 ', '1.5', '-1', '1e3', 'soon', '99999999999999999999', ['1']),
	anything,
);
const request = {
	method: 'POST',
	url: 'https://api.example.com',
	headers: { 'x-correlator': 'ours' },
} as const;

const DEVICE = deviceInWords({ phoneNumber: parsePhoneNumber('+34600000001') });

/** Whether an error, as a workflow gets it, is complete and can be shown. */
function canBeShown(error: OpenGatewayError): boolean {
	const shown = toItemError(error);
	return (
		Object.values(shown).every((value) => value !== undefined) &&
		shown.message === `${error.message} ${error.context.remedy}` &&
		shown.message.length < 700 &&
		Object.values(shown).every((value) => typeof value !== 'string' || isHarmless(value)) &&
		/^[\w.:-]{1,64}$/.test(String(shown.code)) &&
		(shown.description ?? '').length <= 200
	);
}

export const properties: Property[] = [
	{
		name: 'a server’s words are quoted as text on one line, in at most 200 characters',
		holds: fc.property(
			fc.oneof(
				text,
				fc.array(text).map((parts) => parts.join(' ')),
			),
			(words) => {
				const shown = quoted(words);
				return shown.length <= 200 && isHarmless(shown) && shown === shown.trim();
			},
		),
	},
	{
		name: 'a server’s words are quoted in whole characters, wherever they are cut',
		holds: fc.property(
			fc.string({ unit: 'grapheme', minLength: 90, maxLength: 500, size: 'max' }),
			text,
			(words, end) => isWellFormed(quoted(words + end)),
		),
	},
	{
		name: 'no phone number is shown whole, however it is written',
		holds: fc.property(
			phoneNumber.chain((number) =>
				fc.tuple(fc.constant(number), interspersed(fc.constant(number), separators)),
			),
			fc.constantFrom('', '+', '(+', 'tel:+', 'tel:'),
			text,
			around,
			([number, written], prefix, words, mark) =>
				[
					prefix + written,
					`${mark}${prefix}${written}${mark}`,
					`${words}${mark}${prefix}${written}`,
				]
					.map((sent) => quoted(sent).replace(/\D/g, ''))
					.every((shown) => !shown.includes(number)),
		),
	},
	{
		name: 'no token is shown, whatever stands around it',
		holds: fc.property(token, around, text, (secret, mark, words) =>
			[
				secret,
				`${mark}${secret}${mark}`,
				`${words}${mark}${secret}`,
				`code=${secret}&state=x`,
			].every((sent) => !quoted(sent).includes(secret.replace(/=+$/, '').slice(0, 20))),
		),
	},
	{
		name: 'what was sent is not shown if it comes back, in whatever encoding and company',
		holds: fc.property(
			fc
				.oneof(token, fc.string({ minLength: 8, maxLength: 60 }))
				.filter((one) => one.trim() === one),
			fc.constantFrom(
				(one: string) => one,
				encodeURIComponent,
				(one: string) => Buffer.from(one).toString('base64'),
				(one: string) => [...one].join('\u200D'),
			),
			around,
			text,
			(secret, encoded, mark, words) => {
				const shown = quoted(`${mark}${encoded(secret)}${mark}${words}`, hidden([secret]));
				return !shown.includes(secret) && !shown.includes(encoded(secret));
			},
		),
	},
	{
		name: 'an authorization server’s response becomes an error that can be shown, whatever it holds',
		holds: fc.property(answer, (refused) => {
			const error = authorizationError(refused, DEVICE);
			return error instanceof OpenGatewayError && canBeShown(error);
		}),
	},
	{
		name: 'an error that a redirect brings can be shown, whatever is in it',
		holds: fc.property(code, anything, (error, description) =>
			canBeShown(
				authorizationErrorFor(error, { json: { error_description: description } }, DEVICE),
			),
		),
	},
	{
		name: 'every operator’s refusal becomes an error that can be shown, whatever it holds',
		holds: fc.property(
			fc.constantFrom(...Object.values<Operator>(operators)),
			answer,
			(operator, refused) => canBeShown(refusalError(refused, operator.errors, DEVICE)),
		),
	},
	{
		name: 'a correlator is read only if it is one, and a time to wait only if it is a time',
		holds: fc.property(fc.oneof(text, anything), retryAfter, (correlator, wait) => {
			const headers = { 'x-correlator': correlator, 'retry-after': wait };
			const read = readResponse(request, 500, headers, '');
			const { retryAfter = 0 } = read;
			return (
				/^[\w:;./-]{1,256}$/.test(read.correlator) &&
				[correlator, 'ours'].includes(read.correlator) &&
				retryAfter >= 0 &&
				Number.isFinite(retryAfter)
			);
		}),
	},
	{
		name: 'an error of any other kind has the same fields, all but the message null',
		holds: fc.property(anything, (thrown) => {
			const { message, ...others } = toItemError(thrown);
			return typeof message === 'string' && Object.values(others).every((value) => value === null);
		}),
	},
	{
		name: 'a text that is no error code is never looked up as one',
		holds: fc.property(code, (known) => {
			const error = new OpenGatewayError('It is so.', { remedy: 'Do this.', code: known });
			return ['you', 'registration', 'lineOwner', 'operator'].includes(error.nextMove);
		}),
	},
];
