import axios from 'axios';
import type { Page } from 'playwright-core';
import fleetDataPlan from '../../examples/fleet-data-plan.json';
import paymentHold from '../../examples/payment-hold.json';
import welcomeOffer from '../../examples/welcome-offer.json';
import { importExample } from '../../localN8n/importExample';
import type { CredentialReference, DataTable, WorkflowNode } from '../../localN8n/n8nApi';
import { N8N_1_VERSION, N8N_VERSION } from '../../localN8n/runtime';
import { maskedPhoneNumber } from '../../nodes/OpenGateway/errors';
import { pageForSuite } from '../support/browser';
import { signIn, takePicture } from '../support/editor';
import { n8nForSuite } from '../support/realN8n';
import { activeSubscriptions, saveCamaraCredential, until } from '../support/roamingTrigger';
import { pathsAsked, sandboxForSuite } from '../support/suite';

jest.setTimeout(180_000);

const sandbox = sandboxForSuite();

const numberEndingIn = (ending: number) => `+3460000000${ending}`;
const PAYMENT_KEY = { 'X-Payment-Key': 'a key of the payment system' };

/** The node that reads the devices, once its user has selected the table. */
function fleetFrom({ id }: DataTable): Partial<WorkflowNode> {
	const node = fleetDataPlan.nodes.find(({ name }) => name === 'Fleet');
	const dataTableId = { __rl: true, mode: 'list', value: id, cachedResultName: 'fleet' };
	return { parameters: { ...node?.parameters, dataTableId } };
}

describe.each([N8N_VERSION, N8N_1_VERSION])('the examples in n8n %s', (version) => {
	const n8n = n8nForSuite(undefined, version);
	let credential: CredentialReference;
	let httpHeaderAuth: CredentialReference;
	beforeAll(async () => {
		credential = await n8n.api.saveCredential({
			name: 'Sandbox operator',
			type: 'openGatewayApi',
			data: { baseUrl: sandbox.baseUrls.telefonica },
		});
		const [[name, value] = []] = Object.entries(PAYMENT_KEY);
		httpHeaderAuth = await n8n.api.saveCredential({
			name: 'Payment system',
			type: 'httpHeaderAuth',
			data: { name, value },
		});
	});

	if (version === N8N_VERSION) {
		const inTheEditor = pageForSuite();

		inTheEditor('nothing covers anything else, and no note is too small', async (page) => {
			const table = await n8n.api.createDataTable('fleet', [{ phoneNumber: numberEndingIn(1) }]);
			await signIn(page, n8n);
			for (const [file, example, changes] of [
				['payment-hold', paymentHold, { 'Payment Arrives': { credentials: { httpHeaderAuth } } }],
				['fleet-data-plan', fleetDataPlan, { Fleet: fleetFrom(table) }],
				['welcome-offer', welcomeOffer, {}],
			] as const) {
				const workflowId = await importExample(n8n.api, example, credential, changes);
				await page.goto(`${n8n.url}/workflow/${workflowId}`);

				const names = example.nodes.map(({ name }) => name).sort();
				expect(await layoutOf(page, names.length)).toEqual({ names, overlaps: [], tooSmall: [] });
				await takePicture(page, `example-${file}.png`);
			}
		});

		inTheEditor('a click on the operator’s page starts the welcome offer', async (page) => {
			const operator = await saveCamaraCredential(n8n.api, sandbox);
			const workflowId = await importExample(n8n.api, welcomeOffer, operator);
			await n8n.api.activate(workflowId);
			await page.goto(`${sandbox.origin}/sandbox/`);
			const device = page
				.locator('#devices li')
				.filter({ has: page.getByText('+34600000002', { exact: true }) });
			await device.getByRole('button', { name: 'France' }).click();
			await device.getByText('Roaming in France').waitFor();
			expect(await messagesOf(workflowId, 1)).toEqual([
				expect.stringMatching(/^Welcome! .*\(France\).*EUR/),
			]);
			await page.locator('#deliveries li').filter({ hasText: '204' }).first().waitFor();
			await takePicture(page, 'sandbox-page.png');
			await n8n.api.deactivate(workflowId);
		});
	}

	/** The messages of the executions, once there are so many. */
	async function messagesOf(workflowId: string, count: number): Promise<unknown[]> {
		await until(
			`${count} executions`,
			async () => (await n8n.api.executions(workflowId)).length >= count,
		);
		const messages = [];
		for (const { id } of await n8n.api.executions(workflowId)) {
			const execution = await n8n.api.finishedExecution(id);
			messages.push(...execution.itemsOf('Send the Message').map(({ message }) => message));
		}
		return messages;
	}

	test('welcome-offer names the currency where the country is known, and stays silent at home', async () => {
		const operator = await saveCamaraCredential(n8n.api, sandbox);
		const workflowId = await importExample(n8n.api, welcomeOffer, operator);
		const before = (await n8n.api.executions(workflowId)).length;
		await n8n.api.activate(workflowId);
		await until('subscriptions', async () => (await activeSubscriptions(sandbox)).length === 2);

		await sandbox.move('+34600000002', { country: 'GB' });
		await messagesOf(workflowId, before + 1);
		await sandbox.move('+34600000002', { country: 'ES' });
		// Roaming without a country, from a network of its own country to one at sea.
		await sandbox.move('+34600000006', { roaming: false });
		await sandbox.move('+34600000006', { roaming: true, countryCode: 901, countryName: [] });
		const messages = await messagesOf(workflowId, before + 2);
		expect(messages).toContainEqual(expect.stringContaining('GBP'));
		expect(messages).toContainEqual(expect.stringMatching(/^Enjoy your trip!/));

		await n8n.api.deactivate(workflowId);
		await until('no subscription', async () => (await activeSubscriptions(sandbox)).length === 0);
	});

	describe('payment-hold', () => {
		/** @param headers those of the payment system */
		async function pay(payment: object, headers: object = PAYMENT_KEY, path = 'payment') {
			const url = `${n8n.url}/webhook/${path}`;
			const settings = {
				headers: { ...headers },
				proxy: false,
				validateStatus: () => true,
			} as const;
			const { status, data } = await axios.post<unknown>(url, payment, settings);
			return { status, data };
		}

		beforeAll(async () => {
			const changes = { 'Payment Arrives': { credentials: { httpHeaderAuth } } };
			await n8n.api.activate(await importExample(n8n.api, paymentHold, credential, changes));
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
			['at sea', 4, 'ES', 'The operator does not say in which country the phone is.'],
			[
				'in a country that is withheld',
				5,
				'ES',
				'The operator does not say in which country the phone is.',
			],
			['at home, the country of the card missing', 2, undefined, 'The payment has no cardCountry.'],
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
			const webhook = paymentHold.nodes.find(({ name }) => name === 'Payment Arrives');
			const parameters = { ...webhook?.parameters, path: 'no-credential' };
			const workflow = { ...paymentHold, name: 'Without a header credential' };
			const changes = { 'Payment Arrives': { parameters } };
			const workflowId = await importExample(n8n.api, workflow, credential, changes);
			// n8n 2 refuses to publish it.
			await n8n.api.activate(workflowId).catch(() => undefined);

			const payment = { phoneNumber: numberEndingIn(2), cardCountry: 'ES' };
			const { status } = await pay(payment, PAYMENT_KEY, 'no-credential');
			expect(status).toBeGreaterThanOrEqual(400);
			expect(await pathsAsked(sandbox)).toEqual([]);
		});
	});

	describe('fleet-data-plan', () => {
		let table: DataTable;
		let tables = 0;

		/** @returns the items that came to the steps of the user */
		async function run(changes: Record<string, Partial<WorkflowNode>> = {}) {
			const workflowId = await importExample(n8n.api, fleetDataPlan, credential, {
				Fleet: fleetFrom(table),
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

interface Frame {
	readonly left: number;
	readonly top: number;
	readonly right: number;
	readonly bottom: number;
}

/** An element of the page, as far as it is needed here. */
interface PageElement {
	getAttribute(name: string): string | null;
	getBoundingClientRect(): Frame;
	querySelectorAll(selector: string): Iterable<PageElement>;
}

/**
 * Which nodes and notes the canvas shows once it has drawn that many, which of them overlap, and
 * which notes are too small.
 */
async function layoutOf(page: Page, nodeCount: number) {
	const shown = page.locator('.vue-flow__node [data-node-type]');
	await shown.nth(nodeCount - 1).waitFor();
	const nodes = await shown.evaluateAll((elements: PageElement[]) =>
		elements.map((element) => {
			const framesOf = (selector: string) =>
				[...element.querySelectorAll(selector)].map((part): Frame => {
					const { left, top, right, bottom } = part.getBoundingClientRect();
					return { left, top, right, bottom };
				});
			return {
				name: String(element.getAttribute('data-node-name')),
				// The node itself and the name under it.
				frames: framesOf('[data-canvas-node-render-type], [class^="_description"]'),
				paragraphs: framesOf('[data-test-id="sticky"] :is(h2, h3, p, li)'),
			};
		}),
	);
	const meet = (one: Frame, other: Frame) =>
		one.left < other.right &&
		other.left < one.right &&
		one.top < other.bottom &&
		other.top < one.bottom;
	return {
		names: nodes.map(({ name }) => name).sort(),
		overlaps: nodes.flatMap((node, at) =>
			nodes
				.slice(at + 1)
				.filter(({ frames }) => frames.some((one) => node.frames.some((two) => meet(one, two))))
				.map(({ name }) => `${node.name} and ${name}`),
		),
		tooSmall: nodes
			.filter(({ frames, paragraphs }) =>
				paragraphs.some(({ bottom }) => frames.every((frame) => frame.bottom < bottom)),
			)
			.map(({ name }) => name),
	};
}
