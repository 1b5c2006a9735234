using System.CommandLine;
using IrohRpc;
using KeyValue.Commands;
using Microsoft.Data.Sqlite;

// After Ctrl-C the store lets calls in progress finish, for longer than a command line would wait by default.
var invocation = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(10) };
try
{
    return await CommandLine.Create().Parse(args).InvokeAsync(invocation);
}
catch (Exception exception) when (exception is RpcException or PeerException or IOException
    or UnauthorizedAccessException or FormatException or SqliteException)
{
    Console.Error.WriteLine($"error: {exception.Message}");
    return 1;
}
catch (OperationCanceledException)
{
    // Ctrl-C.
    return 130;
}
