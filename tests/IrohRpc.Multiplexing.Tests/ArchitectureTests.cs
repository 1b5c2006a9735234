using IrohRpc.Multiplexing.QMux;

namespace IrohRpc.Tests;

public sealed class ArchitectureTests
{
    [Fact]
    public void The_stream_layer_knows_neither_sockets_nor_TLS_nor_timers_nor_tasks()
    {
        string[] references = [.. typeof(QMuxSession).Assembly.GetReferencedAssemblies().Select(a => a.Name!)];
        Assert.NotEmpty(references);
        Assert.All(references, name => Assert.StartsWith("System.", name, StringComparison.Ordinal));
        Assert.DoesNotContain(references, name => name.StartsWith("System.Net", StringComparison.Ordinal));
        Assert.DoesNotContain(references, name => name.StartsWith("System.Security", StringComparison.Ordinal));
        Assert.DoesNotContain(references, name => name.StartsWith("System.Threading", StringComparison.Ordinal));
    }
}
