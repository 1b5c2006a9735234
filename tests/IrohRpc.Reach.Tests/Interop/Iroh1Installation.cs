using IrohRpc.Tests.Shared.Iroh;

namespace IrohRpc.Reach.Tests.Interop;

/// <summary>Real iroh 1.x.</summary>
public sealed class Iroh1Installation() : IrohInstallation(Iroh1);
