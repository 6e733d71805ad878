// Each asks the telemetry of the last `span` for rows; `few` alerts when there are none, otherwise any row does.
// What stands between quotes is what the code logs, and a test holds the two together.
@export()
@description('What is looked for in the telemetry.')
var rules = [
  {
    name: 'no-fetch'
    says: 'No run of the timer that has mailboxes read has succeeded for 15 minutes: no mail is received.'
    severity: 1
    span: 'PT15M'
    few: true
    query: 'requests | where name == "fetchTimer" and success == true'
  }
  {
    name: 'queue-age'
    says: 'Mailboxes have been due for more than 20 minutes, or an entry of the fetch queue waited for more than 10: it is not worked off, or too slowly.'
    severity: 1
    span: 'PT15M'
    few: false
    // The host logs with each entry when it was put on the queue; on the other queues entries may be told to wait.
    query: 'traces | where message startswith "Mailboxes are not read in time." or operation_Name == "fetchQueue" and message startswith "Trigger Details: MessageId: " and timestamp - todatetime(extract(@"Insert(?:edOn|ionTime): ([^,]+)", 1, message)) > 10m'
  }
  {
    name: 'mailbox-fails'
    says: 'A mailbox could not be read three times within an hour. lastError of its incoming server says why.'
    severity: 2
    span: 'PT1H'
    few: false
    query: 'traces | where message startswith "A mailbox could not be read." | extend server = extract(@"(inc_[0-9a-z]+)", 1, message) | summarize failures = sum(itemCount) by server | where failures > 2'
  }
  {
    name: 'functions-fail'
    says: 'Functions failed more than five times in 15 minutes. The exceptions of the same time say why.'
    severity: 2
    span: 'PT15M'
    few: false
    query: 'requests | where success == false or toint(resultCode) >= 500 | summarize failures = sum(itemCount) by name | where failures > 5'
  }
  {
    name: 'put-aside'
    says: 'A mail that cannot be read, a delivery that does not arrive or a queue entry was put aside. What to do: docs/OPERATIONS.md, "What to do in each state".'
    severity: 2
    span: 'PT15M'
    few: false
    query: 'traces | where message startswith "A mail could not be read and was parked." or message startswith "A delivery was given up." or message startswith "Message has reached MaxDequeueCount"'
  }
  {
    name: 'mailbox-must-sign-in'
    says: 'Microsoft refuses the tokens of a mailbox: it neither sends nor receives until it is connected again.'
    severity: 2
    span: 'PT15M'
    few: false
    query: 'traces | where message startswith "An account must be connected again."'
  }
  {
    name: 'credential-ends'
    says: 'The client secret or certificate of the application ends soon. What to do: docs/OPERATIONS.md, "The app\'s credential".'
    severity: 2
    span: 'PT15M'
    few: false
    query: 'traces | where message startswith "The app credential ends soon."'
  }
]
