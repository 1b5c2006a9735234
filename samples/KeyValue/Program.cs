using IrohRpc;
using KeyValue.Commands;

try
{
    return await CommandLine.Create().Parse(args).InvokeAsync(new() { EnableDefaultExceptionHandler = false });
}
catch (Exception exception) when (exception is RpcException or PeerException or IOException)
{
    Console.Error.WriteLine($"error: {exception.Message}");
    return 1;
}
