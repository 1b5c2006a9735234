using System.CommandLine;
using Tunnel;

var root = new RootCommand("Forwards a local TCP port to a service next to another peer.")
{
    ListenCommand.Create(),
    ConnectCommand.Create(),
};

// The tunnel handles Ctrl-C itself, because draining takes longer than a command line would wait.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
