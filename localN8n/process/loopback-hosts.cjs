// Preloaded into a program on the loopback: its HTTP servers refuse every request whose Host is no name
// of the loopback, as that of a web page which reaches them by DNS rebinding. n8n has no setting for it.
const { Server } = require('node:http');

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i;
/** The events by which a server passes a request on. */
const REQUESTS = ['request', 'checkContinue', 'checkExpectation', 'upgrade', 'connect'];

/** RFC 9110 section 15.5.20. */
const REFUSAL = [
	'HTTP/1.1 421 Misdirected Request',
	'Content-Type: text/plain',
	'Connection: close',
	'',
	'This server answers at 127.0.0.1, localhost and [::1] only.',
].join('\r\n');

const { emit } = Server.prototype;
Server.prototype.emit = function (event, request, ...rest) {
	if (!REQUESTS.includes(event) || LOOPBACK.test(request.headers.host ?? '')) {
		return emit.call(this, event, request, ...rest);
	}
	// To the socket, because an upgrade has no response object.
	request.socket.end(REFUSAL);
	return true;
};
