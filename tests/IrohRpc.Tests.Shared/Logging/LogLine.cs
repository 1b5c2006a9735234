using Microsoft.Extensions.Logging;

namespace IrohRpc.Tests.Shared.Logging;

/// <summary>One line that a <see cref="LogCollector"/> has kept.</summary>
internal sealed record LogLine(LogLevel Level, string Category, string Message, Exception? Exception);
