import Ajv from 'ajv';
import fc from 'fast-check';
import { readResponse, type HttpResponse } from '../../nodes/OpenGateway/http';
import { roamingStatus } from '../../nodes/OpenGateway/apis/roamingStatus';
import { json } from './arbitraries';
import { outcomeOf, refusedWith, wordsOf, type Property } from './property';

const answer = (body: unknown): HttpResponse => ({
	status: 200,
	json: body,
	url: 'https://api.example.com/',
	correlator: 'made-up',
});

/** The output that the node promises to the rest of a workflow. */
const isPromised = new Ajv({ strictTypes: false }).compile({
	type: 'object',
	properties: {
		roaming: { type: 'boolean' },
		countryCode: { type: ['integer', 'null'], minimum: 0, maximum: 999 },
		countryName: { type: 'array', items: { type: 'string', pattern: '^[A-Z]{2}$' } },
		country: { type: ['string', 'null'], pattern: '^[A-Z]{2}$' },
		lastStatusTime: { type: ['string', 'null'] },
	},
	required: ['roaming', 'countryCode', 'countryName', 'country', 'lastStatusTime'],
	additionalProperties: false,
});

const country = fc.stringMatching(/^[A-Z]{2}$/);
/** Bodies as the operators' documents promise them. */
const promised = fc.record(
	{
		roaming: fc.boolean(),
		countryCode: fc.constantFrom(1, 202, 262, 340, 799, 901),
		countryName: fc.array(country, { maxLength: 5 }),
		lastStatusTime: fc
			.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
			.map((time) => time.toISOString()),
	},
	{ requiredKeys: ['roaming'] },
);

/** The same fields, with anything in them. */
const jsonFields = fc.record(
	{ roaming: json, countryCode: json, countryName: json, lastStatusTime: json },
	{ requiredKeys: [] },
);
const merged = (parts: readonly object[]): object => Object.assign({}, ...parts) as object;

/** Values of one field that no document promises. */
const spoilt = fc.oneof(
	fc.record({ countryCode: fc.oneof(fc.integer({ min: 1000 }), fc.integer({ max: -1 }), json) }),
	fc.record({ countryName: fc.oneof(fc.array(json), json) }),
	fc.record({ lastStatusTime: json }),
);

const request = { method: 'POST', url: 'https://api.example.com', headers: {} } as const;

export const properties: Property[] = [
	{
		name: 'whatever the response, a status has every field in its form, or there is none',
		holds: fc.property(fc.oneof(json, fc.tuple(promised, jsonFields).map(merged)), (body) => {
			const outcome = outcomeOf(() => roamingStatus.read(answer(body), () => undefined));
			return 'value' in outcome
				? isPromised(outcome.value)
				: refusedWith(outcome, 'UNEXPECTED_ANSWER');
		}),
	},
	{
		name: 'a status that the operators’ documents promise is read as it is',
		holds: fc.property(promised, (body) => {
			const { roaming, countryCode, countryName = [], lastStatusTime } = body;
			const status = roamingStatus.read(answer(body), () => undefined);
			return (
				status.roaming === roaming &&
				status.countryCode === (countryCode ?? null) &&
				(countryName.length === 0 ||
					status.countryName.join() === [...new Set(countryName)].join()) &&
				status.country === (status.countryName.length === 1 ? status.countryName[0] : null) &&
				status.lastStatusTime === (lastStatusTime ?? null)
			);
		}),
	},
	{
		name: 'whatever an optional field holds, the others are read, and it is set aside at most once',
		holds: fc.property(promised, spoilt, (body, wrong) => {
			const setAside: string[] = [];
			const status = roamingStatus.read(answer({ ...body, ...wrong }), (part) =>
				setAside.push(part),
			);
			const [field] = Object.keys(wrong);
			return (
				isPromised(status) &&
				status.roaming === body.roaming &&
				setAside.length <= 1 &&
				setAside.every((part) => part === field)
			);
		}),
	},
	{
		name: 'roaming that is not a boolean is no answer',
		holds: fc.property(
			promised,
			fc.oneof(json, fc.constantFrom('true', 0)).filter((roaming) => typeof roaming !== 'boolean'),
			(body, roaming) =>
				refusedWith(
					outcomeOf(() => roamingStatus.read(answer({ ...body, roaming }), () => undefined)),
					'UNEXPECTED_ANSWER',
				),
		),
	},
	{
		name: 'a body without its end is not read',
		holds: fc.property(promised, fc.nat(), (body, length) => {
			const whole = JSON.stringify(body);
			const part = whole.slice(0, length % whole.length);
			return refusedWith(
				outcomeOf(() => roamingStatus.read(readResponse(request, 200, {}, part), () => undefined)),
				'UNEXPECTED_ANSWER',
			);
		}),
	},
	{
		name: 'nothing of an unreadable response is shown',
		holds: fc.property(json, fc.stringMatching(/^[a-zA-Z0-9]{12,20}$/), (body, secret) => {
			const shown = { ...Object(body), roaming: secret };
			const outcome = outcomeOf(() => roamingStatus.read(answer(shown), () => undefined));
			return 'refusal' in outcome && !wordsOf(outcome.refusal).includes(secret);
		}),
	},
];
