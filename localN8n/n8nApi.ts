import axios, { type AxiosInstance } from 'axios';
import { parse } from 'flatted';
import type { IRunExecutionData } from 'n8n-workflow';
import { setTimeout as sleep } from 'node:timers/promises';

/** The person who owns an n8n instance. */
export interface Owner {
	readonly email: string;
	/** At least 8 characters, with a digit and a capital letter. */
	readonly password: string;
	readonly firstName: string;
	readonly lastName: string;
}

export interface Credential {
	readonly name: string;
	/** Name of the credential type, such as `openGatewayApi`. */
	readonly type: string;
	readonly data: Readonly<Record<string, unknown>>;
}

/** How a workflow's node names the credential it uses. */
export interface CredentialReference {
	readonly id: string;
	readonly name: string;
}

export interface WorkflowNode {
	readonly name: string;
	readonly type: string;
	readonly credentials?: Readonly<Record<string, CredentialReference>>;
	readonly [field: string]: unknown;
}

/** A workflow as the editor exports it. */
export interface Workflow {
	readonly name: string;
	readonly nodes: readonly WorkflowNode[];
	readonly connections: Readonly<Record<string, unknown>>;
	readonly settings?: Readonly<Record<string, unknown>>;
}

/** One finished run of a workflow. */
export interface Execution {
	readonly id: string;
	/** `success`, `error`, `canceled` or `crashed`. */
	readonly status: string;
	/** How it was started: `manual`, `trigger`, `webhook`. */
	readonly mode: string;
	/** Why the whole run failed, if it did. */
	readonly error: string | undefined;
	/** The items that a node put out, all its runs and all its outputs together. */
	itemsOf(nodeName: string): ReadonlyArray<Readonly<Record<string, unknown>>>;
}

type DataTableRow = Readonly<Record<string, unknown>>;

/** A data table of n8n. */
export interface DataTable {
	readonly id: string;
	/** Its first 50 rows, in their order. */
	rows(): Promise<readonly DataTableRow[]>;
}

/** n8n's own REST API, as its editor uses it: what a person does there, done by a program. */
export class N8nApi {
	private constructor(private readonly http: AxiosInstance) {}

	/**
	 * Creates the owner of a new instance, or signs in if there is one.
	 *
	 * @param url of the instance, without a slash at the end
	 * @throws {Error} if the instance has another owner, or the owner another password
	 */
	static async signIn(url: string, owner: Owner): Promise<N8nApi> {
		const http = axios.create({
			baseURL: `${url}/rest`,
			timeout: 30_000,
			proxy: false,
			validateStatus: () => true,
		});
		const settings = await http.get<{ data: InstanceSettings }>('/settings');
		const isNew = settings.data.data.userManagement.showSetupOnFirstLoad;
		const response = isNew
			? await http.post('/owner/setup', owner)
			: await http.post('/login', { emailOrLdapLoginId: owner.email, password: owner.password });
		if (response.status !== 200) {
			throw new Error(
				`n8n let nobody in as ${owner.email} (${messageOf(response)}). Was its owner or password changed?`,
			);
		}
		const cookies = response.headers['set-cookie'] ?? [];
		http.defaults.headers.common['Cookie'] = cookies
			.map((cookie) => cookie.split(';')[0])
			.join('; ');
		return new N8nApi(http);
	}

	/** Creates the credential, or replaces the one of the same name and type. */
	async saveCredential(credential: Credential): Promise<CredentialReference> {
		const all = await this.call<Array<CredentialReference & Credential>>('GET', '/credentials');
		const old = all.find(({ name, type }) => name === credential.name && type === credential.type);
		const { id, name } = old
			? await this.call<CredentialReference>('PATCH', `/credentials/${old.id}`, credential)
			: await this.call<CredentialReference>('POST', '/credentials', credential);
		return { id, name };
	}

	/** Does what "Retry" in the credential's form does. */
	async testCredential(
		credential: Credential & Partial<CredentialReference>,
	): Promise<{ status: 'OK' | 'Error'; message: string }> {
		const credentials = { id: '', ...credential };
		return await this.call('POST', '/credentials/test', { credentials });
	}

	/**
	 * Creates the workflow, or replaces the one of the same name.
	 *
	 * @returns its id
	 */
	async saveWorkflow(workflow: Workflow): Promise<string> {
		const all = await this.call<Array<{ id: string; name: string }>>('GET', '/workflows');
		const old = all.find(({ name }) => name === workflow.name);
		const saved = old
			? await this.call<{ id: string }>('PATCH', `/workflows/${old.id}`, workflow)
			: await this.call<{ id: string }>('POST', '/workflows', { active: false, ...workflow });
		return saved.id;
	}

	/**
	 * Publishes the workflow as it is: from now on, its schedule runs and its webhook answers.
	 *
	 * @throws {Error} which of its triggers do not work, in n8n's words
	 */
	async activate(workflowId: string): Promise<void> {
		const workflow = `/workflows/${workflowId}`;
		const { versionId } = await this.call<{ versionId: string }>('GET', workflow);
		await this.call('POST', `${workflow}/activate`, { versionId });

		const publication = await this.publication(workflowId);
		if (publication && publication.status !== 'published') {
			const reasons = publication.triggers.map(({ errorMessage }) => errorMessage).filter(Boolean);
			throw new Error(`n8n could not publish the workflow: ${reasons.join('; ')}`);
		}
	}

	/** Does what "Unpublish" in the editor does; returns once its triggers are gone. */
	async deactivate(workflowId: string): Promise<void> {
		await this.call('POST', `/workflows/${workflowId}/deactivate`, {});
		await this.publication(workflowId);
	}

	/** Waits until n8n has published a workflow, or has not: its newer versions respond earlier. */
	private async publication(workflowId: string): Promise<Publication | undefined> {
		const path = `/workflows/${workflowId}/publication-status`;
		for (;;) {
			await sleep(100);
			const { status, data } = await this.http.get<{ data: Publication }>(path);
			if (status === 404) return undefined;
			if (data.data.status !== 'in_progress') return data.data;
		}
	}

	/**
	 * Creates a data table of text columns in the owner's own project.
	 *
	 * @param rows at least one; their fields are the columns
	 */
	async createDataTable(
		name: string,
		rows: ReadonlyArray<Readonly<Record<string, string | null>>>,
	): Promise<DataTable> {
		const { id: projectId } = await this.call<{ id: string }>('GET', '/projects/personal');
		const tables = `/projects/${projectId}/data-tables`;
		const columns = Object.keys(rows[0] ?? {}).map((column) => ({ name: column, type: 'string' }));
		const { id } = await this.call<{ id: string }>('POST', tables, { name, columns });
		await this.call('POST', `${tables}/${id}/insert`, { data: rows, returnType: 'count' });
		return {
			id,
			rows: async () => {
				const { data } = await this.call<{ data: DataTableRow[] }>('GET', `${tables}/${id}/rows`);
				return data;
			},
		};
	}

	/**
	 * Does what "Execute workflow" in the editor does, from the trigger of that name.
	 *
	 * @returns id of the execution
	 */
	async run(workflowId: string, triggerName: string): Promise<string> {
		// n8n 1 runs the workflow as it is sent.
		const workflowData = await this.call<Workflow>('GET', `/workflows/${workflowId}`);
		const { executionId } = await this.call<{ executionId: string }>(
			'POST',
			`/workflows/${workflowId}/run`,
			{ workflowData, triggerToStartFrom: { name: triggerName } },
		);
		return executionId;
	}

	/** Does what "Stop execution" in the editor does; returns once n8n has cancelled it. */
	async stop(executionId: string): Promise<void> {
		await this.call('POST', `/executions/${executionId}/stop`);
	}

	/**
	 * Executions of one workflow or of all, the newest 100 first, running ones included.
	 *
	 * @param status only executions with one of these
	 */
	async executions(
		workflowId?: string,
		status?: readonly string[],
	): Promise<ReadonlyArray<{ id: string; status: string; mode: string }>> {
		const filter = JSON.stringify({ workflowId, status });
		const query = new URLSearchParams({ limit: '100', filter });
		const { results } = await this.call<{
			results: Array<{ id: string; status: string; mode: string }>;
		}>('GET', `/executions?${query}`);
		return results;
	}

	/** The number of a workflow's executions, running ones included. */
	async executionCount(workflowId: string): Promise<number> {
		const query = new URLSearchParams({ limit: '1', filter: JSON.stringify({ workflowId }) });
		const { count } = await this.call<{ count: number }>('GET', `/executions?${query}`);
		return count;
	}

	/**
	 * Waits for the end of an execution and reads it.
	 *
	 * @throws {Error} when it has not ended after `timeoutMs`
	 */
	async finishedExecution(id: string, timeoutMs = 60_000): Promise<Execution> {
		const deadline = Date.now() + timeoutMs;
		for (;;) {
			const stored = await this.call<StoredExecution>('GET', `/executions/${id}`);
			// n8n 1 may store the status before the run.
			const run = parse(stored.data) as IRunExecutionData | undefined;
			if (run && !['new', 'running', 'waiting'].includes(stored.status)) return read(stored, run);
			if (Date.now() > deadline) {
				throw new Error(
					`Execution ${id} of n8n is still ${stored.status}, or not stored, after ${timeoutMs / 1000} s.`,
				);
			}
			await sleep(200);
		}
	}

	/**
	 * All that n8n keeps of an execution: its items, its errors, the workflow as it was.
	 *
	 * @returns `undefined` if n8n 1 has not stored it yet
	 */
	async stored(id: string): Promise<IRunExecutionData | undefined> {
		const { data } = await this.call<StoredExecution>('GET', `/executions/${id}`);
		return parse(data) as IRunExecutionData | undefined;
	}

	private async call<T>(
		method: 'GET' | 'POST' | 'PATCH',
		path: string,
		body?: unknown,
	): Promise<T> {
		const response = await this.http.request<{ data: T }>({ method, url: path, data: body });
		if (response.status < 200 || response.status > 299) {
			const route = path.split('?', 1)[0];
			throw new Error(`n8n refused ${method} ${route}: ${messageOf(response)}`);
		}
		return response.data.data;
	}
}

/** Settings that n8n's editor gets before the sign-in. */
interface InstanceSettings {
	userManagement: { showSetupOnFirstLoad: boolean };
}

/** n8n's message about a refused request. The request itself may hold secrets. */
function messageOf(response: { status: number; data: unknown }): string {
	const { message } = (response.data ?? {}) as { message?: unknown };
	return typeof message === 'string' ? message : `HTTP ${response.status}`;
}

interface Publication {
	status: 'in_progress' | 'published' | 'partial' | 'failed' | 'not_published';
	triggers: Array<{ errorMessage: string | null }>;
}

interface StoredExecution {
	id: string;
	status: string;
	mode: string;
	/** The run, serialised with `flatted`. */
	data: string;
}

function read({ id, status, mode }: StoredExecution, run: IRunExecutionData): Execution {
	const { error, runData } = run.resultData;
	return {
		id,
		status,
		mode,
		error: error?.message,
		itemsOf: (nodeName) =>
			(runData[nodeName] ?? []).flatMap((run) =>
				(run.data?.main ?? []).flatMap((output) => (output ?? []).map(({ json }) => json)),
			),
	};
}
