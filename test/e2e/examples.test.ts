import axios from 'axios';
import type { Page } from 'playwright-core';
import fleetDataPlan from '../../examples/fleet-data-plan.json';
import paymentHold from '../../examples/payment-hold.json';
import { importExample } from '../../localN8n/importExample';
import type { CredentialReference, DataTable, WorkflowNode } from '../../localN8n/n8nApi';
import { N8N_1_VERSION, N8N_VERSION } from '../../localN8n/runtime';
import { maskedPhoneNumber } from '../../nodes/OpenGateway/errors';
import { pageForSuite } from '../support/browser';
import { signIn, takePicture } from '../support/editor';
import { n8nForSuite } from '../support/realN8n';
import { pathsAsked, sandboxForSuite } from '../support/suite';

jest.setTimeout(120_000);

const sandbox = sandboxForSuite();
const examples = { 'payment-hold': paymentHold, 'fleet-data-plan': fleetDataPlan };

describe.each([N8N_VERSION, N8N_1_VERSION])('the examples in n8n %s', (version) => {
	const n8n = n8nForSuite(undefined, version);
	let credential: CredentialReference;
	beforeAll(async () => {
		credential = await n8n.api.saveCredential({
			name: 'Sandbox operator',
			type: 'openGatewayApi',
			data: { baseUrl: sandbox.baseUrls.telefonica },
		});
	});

	const inTheEditor = pageForSuite();

	inTheEditor('nothing covers anything else, and no note is cut off', async (page) => {
		await signIn(page, n8n);
		for (const [file, example] of Object.entries(examples)) {
			await page.goto(`${n8n.url}/workflow/${await importExample(n8n.api, example, credential)}`);

			const { names, overlaps, cutOff } = await layoutOf(page);
			expect([...names].sort()).toEqual(example.nodes.map(({ name }) => name).sort());
			expect({ file, overlaps, cutOff }).toEqual({ file, overlaps: [], cutOff: [] });
			if (version === N8N_VERSION) await takePicture(page, `example-${file}.png`);
		}
	});

	describe('payment-hold', () => {
		const HEADER = { 'X-Payment-Key': 'a key of the payment system' };

		/** @param headers those of the payment system */
		async function pay(payment: object, headers: object = HEADER) {
			const url = `${n8n.url}/webhook/payment`;
			const settings = {
				headers: { ...headers },
				proxy: false,
				validateStatus: () => true,
			} as const;
			const { status, data } = await axios.post<unknown>(url, payment, settings);
			return { status, data };
		}

		async function publish(changes: Partial<WorkflowNode> = {}): Promise<void> {
			const changed = { 'Payment Arrives': changes };
			await n8n.api.activate(await importExample(n8n.api, paymentHold, credential, changed));
		}

		beforeAll(async () => {
			const [[name, value] = []] = Object.entries(HEADER);
			const httpHeaderAuth = await n8n.api.saveCredential({
				name: 'Payment system',
				type: 'httpHeaderAuth',
				data: { name, value },
			});
			await publish({ credentials: { httpHeaderAuth } });
		});

		test.each<[where: string, ending: number, cardCountry: string]>([
			['abroad, beside the card', 1, 'DE'],
			['abroad, with the country in small letters', 1, ' de '],
			['at home, beside the card', 2, 'ES'],
			['in one of five territories, the card in one of them', 3, 'GP'],
			['on another network of its own country, beside the card', 6, 'ES'],
		])('approves with a phone that is %s', async (_where, ending, cardCountry) => {
			const country = cardCountry.trim().toUpperCase();
			expect(await pay({ phoneNumber: numberEndingIn(ending), cardCountry, amount: 120 })).toEqual({
				status: 200,
				data: {
					decision: 'approve',
					reason: `The phone and the card are both in ${country}.`,
					amount: 120,
				},
			});
		});

		test.each<[where: string, ending: number, cardCountry: string | undefined, reason: string]>([
			['abroad, the card at home', 1, 'ES', 'The phone is in DE, the card in ES.'],
			['at home, the card abroad', 2, 'DE', 'The phone is in ES, the card in DE.'],
			[
				'in one of five territories, the card elsewhere',
				3,
				'FR',
				'The phone is in BL or GF or GP or MF or MQ, the card in FR.',
			],
			['on a ship', 4, 'ES', 'The operator does not say in which country the phone is.'],
			['nobody says where', 5, 'ES', 'The operator does not say in which country the phone is.'],
			['at home, the card nobody says where', 2, undefined, 'The payment has no cardCountry.'],
		])('reviews with a phone that is %s', async (_where, ending, cardCountry, reason) => {
			expect(await pay({ phoneNumber: numberEndingIn(ending), cardCountry, amount: 120 })).toEqual({
				status: 200,
				data: { decision: 'review', reason, amount: 120 },
			});
		});

		test.each([
			['whose owner refuses consent', numberEndingIn(7)],
			['that the operator does not know', numberEndingIn(9)],
			['whose network is unavailable', numberEndingIn(0)],
		])('reviews with a phone %s', async (_which, phoneNumber) => {
			expect(await pay({ phoneNumber, cardCountry: 'ES', amount: 120 })).toEqual({
				status: 200,
				data: {
					decision: 'review',
					reason: expect.stringContaining(maskedPhoneNumber(phoneNumber)) as string,
					amount: 120,
				},
			});
		});

		test('reviews a payment without a phone number, and asks no operator', async () => {
			expect(await pay({ cardCountry: 'ES' })).toMatchObject({
				status: 200,
				data: { decision: 'review', reason: expect.stringMatching(/phone number/i) as string },
			});
			expect(await pathsAsked(sandbox)).toEqual([]);
		});

		test.each([
			['without its header', {}],
			['with another header', { 'X-Payment-Key': 'guessed' }],
		])('refuses a call %s, and asks no operator', async (_how, headers) => {
			expect(
				await pay({ phoneNumber: numberEndingIn(2), cardCountry: 'ES' }, headers),
			).toMatchObject({
				status: 403,
			});
			expect(await pathsAsked(sandbox)).toEqual([]);
		});

		test('refuses every call as long as it has no header credential', async () => {
			await publish().catch(() => undefined);

			const { status } = await pay({ phoneNumber: numberEndingIn(2), cardCountry: 'ES' });
			expect(status).toBeGreaterThanOrEqual(400);
			expect(await pathsAsked(sandbox)).toEqual([]);
		});
	});

	describe('fleet-data-plan', () => {
		let table: DataTable;
		let tables = 0;

		/** @returns the items that came to the steps of the user */
		async function run(changes: Record<string, Partial<WorkflowNode>> = {}) {
			const dataTableId = { __rl: true, mode: 'list', value: table.id };
			const fleet = fleetDataPlan.nodes.find(({ name }) => name === 'Fleet');
			const workflowId = await importExample(n8n.api, fleetDataPlan, credential, {
				Fleet: { parameters: { ...fleet?.parameters, dataTableId } },
				...changes,
			});
			const executionId = await n8n.api.run(workflowId, 'Every Hour');
			const { status, itemsOf } = await n8n.api.finishedExecution(executionId);
			const changesAt = (name: string) =>
				itemsOf(name).map(({ phoneNumber, before, country }) => ({ phoneNumber, before, country }));
			return {
				status,
				wentAbroad: changesAt('Went Abroad'),
				cameHome: changesAt('Came Home'),
				noAnswer: itemsOf('No Answer').map(({ phoneNumber }) => phoneNumber),
			};
		}

		const countries = async () => (await table.rows()).map(({ lastCountry }) => lastCountry);

		/** @param rows the last digit of each phone number, and the country where it was */
		async function fleetOf(...rows: [ending: number, lastCountry: string | null][]) {
			const data = rows.map(([ending, lastCountry]) => ({
				phoneNumber: numberEndingIn(ending),
				homeCountry: 'ES',
				lastCountry,
			}));
			table = await n8n.api.createDataTable(`fleet ${++tables}`, data);
		}

		test('tells who crossed a border, once, and who has no answer', async () => {
			await fleetOf(
				[1, null],
				[2, 'FR'],
				[3, null],
				[4, 'DE'],
				[5, null],
				[6, null],
				[7, 'FR'],
				[8, 'FR'],
				[9, null],
				[2, null],
			);
			const seenAt = ['DE', 'ES', 'BL or GF or GP or MF or MQ', 'unknown', 'unknown'];
			const unchanged = [null, 'FR', 'FR', null, null];

			expect(await run()).toEqual({
				status: 'success',
				wentAbroad: [
					{ phoneNumber: numberEndingIn(1), before: 'ES', country: 'DE' },
					{ phoneNumber: numberEndingIn(3), before: 'ES', country: seenAt[2] },
					{ phoneNumber: numberEndingIn(4), before: 'DE', country: 'unknown' },
					{ phoneNumber: numberEndingIn(5), before: 'ES', country: 'unknown' },
				],
				cameHome: [{ phoneNumber: numberEndingIn(2), before: 'FR', country: 'ES' }],
				noAnswer: [numberEndingIn(7), numberEndingIn(9)],
			});
			expect(await countries()).toEqual([...seenAt, ...unchanged]);

			expect(await run()).toMatchObject({ status: 'success', wentAbroad: [], cameHome: [] });
			expect(await countries()).toEqual([...seenAt, ...unchanged]);
		});

		test('tells a change again if a step of the user stopped the run', async () => {
			await fleetOf([1, null]);
			const stops = { type: 'n8n-nodes-base.stopAndError', parameters: { errorMessage: 'Stop' } };

			expect((await run({ 'Went Abroad': stops })).status).toBe('error');
			expect(await countries()).toEqual([null]);
			expect((await run()).wentAbroad).toHaveLength(1);
			expect(await countries()).toEqual(['DE']);
		});

		test('tells about more devices than one page of the table', async () => {
			await fleetOf(...Array.from({ length: 60 }, (): [number, null] => [1, null]));

			expect((await run()).wentAbroad).toHaveLength(60);
		});
	});
});

const numberEndingIn = (ending: number) => `+3460000000${ending}`;

interface Box {
	readonly name: string;
	readonly left: number;
	readonly top: number;
	readonly right: number;
	readonly bottom: number;
	/** Whether it is a note whose text is longer than it. */
	readonly cutOff: boolean;
}

/** What a person sees of the nodes and notes on the canvas. */
async function layoutOf(page: Page) {
	await page.getByTestId('canvas-node').first().waitFor();
	return {};
}
