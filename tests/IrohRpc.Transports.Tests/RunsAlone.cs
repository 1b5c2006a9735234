namespace IrohRpc.Transports.Tests;

/// <summary>Runs while nothing else does, since it counts what the whole process holds. xUnit heeds a definition in the tests' own assembly only.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class RunsAlone;
