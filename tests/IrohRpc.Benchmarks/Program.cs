using System.CommandLine;
using IrohRpc.Benchmarks;

var root = new RootCommand("How fast IrohRpc is.") { CompareCommand.Create(), PiecesCommand.Create(), BlobsCommand.Create(), AllocationsCommand.Create() };
return await root.Parse(args).InvokeAsync();
