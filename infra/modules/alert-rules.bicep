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
    name: 'functions-fail'
    says: 'Functions failed more than five times in 15 minutes. The exceptions of the same time say why.'
    severity: 2
    span: 'PT15M'
    few: false
    query: 'requests | where success == false or toint(resultCode) >= 500 | summarize failures = sum(itemCount) by name | where failures > 5'
  }
  {
    name: 'entries-parked'
    says: 'A queue entry failed five times and was put aside. What to do: docs/OPERATIONS.md, "What to do in each state".'
    severity: 2
    span: 'PT15M'
    few: false
    query: 'traces | where message startswith "Message has reached MaxDequeueCount"'
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
