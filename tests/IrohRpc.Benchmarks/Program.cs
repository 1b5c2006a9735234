using System.CommandLine;
using IrohRpc.Benchmarks;

var root = new RootCommand("How fast IrohRpc is.")
{
    CompareCommand.Create(),
    PiecesCommand.Create(),
    Blake3Command.Create(),
    AllocationsCommand.Create(),
    CostsCommand.Create(),
    TraceCommand.Create(),
    RelayCommand.Create(),
    RelayCommand.CreateServer(),
};
return await root.Parse(args).InvokeAsync();
