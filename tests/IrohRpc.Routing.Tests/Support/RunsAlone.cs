namespace IrohRpc.Tests.Support;

/// <summary>Runs while nothing else does, since it counts what the whole process holds.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class RunsAlone;
