import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';

const CONCURRENCY = 100;
const CIBA = 'urn:openid:params:grant-type:ciba';

/** The minimum in n8n: the same three requests for each device, and nothing around them. */
export class BareLoop implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Bare Loop',
		name: 'bareLoop',
		group: ['input'],
		version: 1,
		description: 'Asks about all items with helpers.httpRequest',
		defaults: { name: 'Bare Loop' },
		inputs: ['main'],
		outputs: ['main'],
		properties: ['baseUrl', 'authorization', 'scope', 'phoneNumber'].map((name) => ({
			displayName: name,
			name,
			type: 'string',
			default: '',
		})),
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const parameter = (name: string) => this.getNodeParameter(name, 0) as string;
		const post = async (path: string, authorization: string, type: string, body: string) =>
			(await this.helpers.httpRequest({
				method: 'POST',
				url: parameter('baseUrl') + path,
				headers: { authorization, 'content-type': type },
				body,
			})) as IDataObject;
		const form = (fields: Record<string, string>) => new URLSearchParams(fields).toString();
		const formType = 'application/x-www-form-urlencoded';
		const application = parameter('authorization');
		const scope = parameter('scope');

		const ask = async (msisdn: string) => {
			const hint = form({ login_hint: `tel:${msisdn}`, scope });
			const { auth_req_id } = await post('/bc-authorize', application, formType, hint);
			const poll = form({ grant_type: CIBA, auth_req_id: String(auth_req_id) });
			const { access_token } = await post('/token', application, formType, poll);
			const body = JSON.stringify({ ueId: { msisdn } });
			const token = `Bearer ${String(access_token)}`;
			return await post('/device-status/v0/roaming', token, 'application/json', body);
		};

		const results: INodeExecutionData[] = [];
		const items = this.getInputData().entries();
		const worker = async () => {
			for (const [item, { json }] of items) {
				const phoneNumber = this.getNodeParameter('phoneNumber', item) || json.phoneNumber;
				results[item] = { json: await ask(String(phoneNumber)), pairedItem: { item } };
			}
		};
		await Promise.all(Array.from({ length: CONCURRENCY }, worker));
		return [results];
	}
}
