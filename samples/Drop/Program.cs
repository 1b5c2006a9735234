using System.CommandLine;
using Drop;

return await new RootCommand("Sends files and folders to whoever holds the ticket.") { SendCommand.Create(), ReceiveCommand.Create() }
    .Parse(args).InvokeAsync();
