import type { HttpResponse } from '../../nodes/OpenGateway/http';

/** A response with status 200 unless `changes` say otherwise. */
export const responseOf = (changes: Partial<HttpResponse>): HttpResponse => ({
	status: 200,
	url: 'https://api.example.com/',
	json: undefined,
	correlator: 'made-up-correlator',
	...changes,
});
