// The helpers for the last cell of part 1, the loss curve.
#load "Plots/RichOutput.cs"
#load "Plots/ShortNumber.cs"
#load "Plots/Sparkline.cs"
#load "Plots/PlotAxis.cs"
#load "Plots/LinePlot.cs"
#load "Plots/PlotlyUpgrade.cs"
#load "Plots/LossCurve.cs"
