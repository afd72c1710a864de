/** What nobody may get around: every attack that the product has promised to withstand, in the words of that promise. */
export const promised = [
  ...['own request', 'own request through a bot', 'own request by another account of the same e-mail'],
  ...['commit author approves', 'group left since', 'guest', 'outside member in a shared channel'],
  ...['deactivated member', 'bot', 'forged button value', "another request's button", 'a card of last month'],
  ...['replayed signed payload', 'replayed envelope', 'old timestamp', 'wrong signature', 'wrong app id'],
  ...['wrong team id', 'modal private_metadata tampered with', 'input changed after approval'],
  ...['commit force-pushed after approval', 'policy loosened between approval and start'],
  ...['approval racing denial', 'cancel racing approval'],
  ...['two approvers in the same millisecond with one place left', 'quorum from one person in two groups'],
  ...['delegation loops', 'delegation after expiry', 'reused code', 'code of another person'],
  ...['code tried 10 times', 'narrowing that widens', 'markup and <!channel> in any text field'],
  ...['service names that look alike', 'environment names that look alike', 'people whose names look alike'],
] as const;
