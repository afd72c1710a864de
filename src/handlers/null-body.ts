/**
 * Bolt (5.1.0) takes for granted that a body is something. It falls over the JSON `null` outside of whatever it catches:
 * nobody is answered, and the connection hangs.
 */
import type { IncomingMessage } from 'node:http';
import { HTTPModuleFunctions, type HTTPReceiver } from '@slack/bolt';
import { slackPath } from '../slack/manifest.ts';

const { bufferIncomingMessage, buildNoBodyResponse, defaultBodyLimit, isRawBodyError } = HTTPModuleFunctions;
const { parseAndVerifyHTTPRequest, parseHTTPRequestBody } = HTTPModuleFunctions;

/** From now on what Slack signed and says `null` is answered 400; all else is Bolt's, as it was. */
export function refuseNullBodies(receiver: HTTPReceiver, signingSecret: string): void {
  const handOn = receiver.requestListener;
  receiver.requestListener = (request, response) => {
    if (!isDelivery(request)) return handOn(request, response);
    // Read here as Bolt would, who then finds it read.
    void bufferIncomingMessage(request, defaultBodyLimit)
      .then(async (whole) => {
        const isRefused = isNull(whole) && (await isSigned(whole, signingSecret));
        if (isRefused) buildNoBodyResponse(response, 400);
        else handOn(whole, response);
      })
      .catch((error) => {
        const isTooLarge = isRawBodyError(error) && error.type === 'entity.too.large';
        // The rest of it is not waited for.
        response.once('finish', () => request.destroy());
        buildNoBodyResponse(response, isTooLarge ? 413 : 401);
      });
  };
}

type WholeMessage = Awaited<ReturnType<typeof bufferIncomingMessage>>;

function isDelivery({ method, url = '/' }: IncomingMessage): boolean {
  return method === 'POST' && URL.parse(url, 'http://localhost')?.pathname === slackPath;
}

function isNull(whole: WholeMessage): boolean {
  try {
    return parseHTTPRequestBody(whole) === null;
  } catch {
    return false;
  }
}

function isSigned(whole: WholeMessage, signingSecret: string): Promise<boolean> {
  return parseAndVerifyHTTPRequest({ signingSecret }, whole).then(
    () => true,
    () => false,
  );
}
