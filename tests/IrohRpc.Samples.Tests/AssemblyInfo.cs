using IrohRpc.Samples.Tests.Native;
using IrohRpc.Samples.Tests.Packages;
using IrohRpc.Samples.Tests.Servers;
using Xunit.Sdk;
using Xunit.v3;

// Most tests wait for programs that they have started: one more of them than there are processors keeps these busy.
[assembly: Parallelization(Mode = ParallelMode.Collections, MaxThreads = 3)]

[assembly: AssemblyFixture(typeof(RealServers))]
[assembly: AssemblyFixture(typeof(NativePrograms))]
[assembly: AssemblyFixture(typeof(PackageFeed))]
