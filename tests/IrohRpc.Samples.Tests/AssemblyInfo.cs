using IrohRpc.Samples.Tests.Servers;
using Xunit.Sdk;
using Xunit.v3;

// Figures and time-outs mean little while other tests compete for the same cores.
[assembly: Parallelization(Mode = ParallelMode.None)]

[assembly: AssemblyFixture(typeof(RealServers))]
